#include "bot/slack/sockets.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/slack/fields.hpp"
#include "net/error.hpp"
#include "net/spawn.hpp"

namespace bot::slack {
namespace {

using nlohmann::json;

/// Too many connections, or Socket Mode switched off: asking again at once changes nothing.
constexpr net::Duration long_rest = std::chrono::seconds(30);
constexpr net::Duration goodbye = std::chrono::seconds(1);

}  // namespace

Sockets::Sockets(net::Executor executor, net::Clock& clock, net::Random& random, Api& api,
                 const Options& options)
    : executor_(executor),
      clock_(clock),
      random_(random),
      api_(api),
      options_(options),
      backoff_(random, options.retry, options.last_retry),
      changed_(executor),
      lost_since_(clock.now()) {}

net::awaitable<void> Sockets::run(Take take) {
  take_ = std::move(take);
  for (;;) {
    if (!refused_.empty()) throw CredentialsRefused(refused_);
    const bool is_needed = !is_leaving_ && (!is_open() || current_->is_to_go);
    if (!is_needed)
      co_await changed_.wait();
    else if (clock_.now() < not_before_)
      co_await changed_.wait_until(clock_, not_before_);
    else
      co_await replace();
  }
}

void Sockets::refuse(const std::string& why) {
  refused_ = why;
  changed_.notify();
}

net::awaitable<void> Sockets::leave() {
  is_leaving_ = true;
  for (const auto& link : {current_, retiring_}) {
    if (!link || link->is_over) continue;
    co_await link->socket->close(goodbye);
  }
}

int Sockets::own() const {
  int count = 0;
  for (const auto& link : {current_, retiring_}) count += link && !link->is_over ? 1 : 0;
  return count;
}

/// Full jitter from a second to a minute; what Slack itself asks for is kept to.
void Sockets::rest(const std::string& why, net::Duration time) {
  const auto pause =
      failures_++ == 0 && time == net::Duration::zero() ? backoff_.next() / 4 : backoff_.next();
  not_before_ = clock_.now() + std::max(pause, time);
  spdlog::warn("slack: {}; trying again in {} ms", why, std::max(pause, time).count());
}

net::awaitable<void> Sockets::replace() {
  try {
    co_await dial();
  } catch (const Refusal& refusal) {
    if (refusal.is_for_good())
      throw CredentialsRefused(
          std::string(refusal.what()) +
          ": the app-level token does not open sockets. Make one with connections:write (Basic "
          "Information) and put it into [slack] app_token_file");
    rest(refusal.what(), refusal.wait.value_or(net::Duration::zero()));
  } catch (const net::Error& error) {
    rest(error.what(), net::Duration::zero());
  }
}

net::awaitable<void> Sockets::dial() {
  const json none = json::object();
  const auto answer = co_await api_.call("apps.connections.open", none, Api::Token::app);
  const auto url = text_of(answer, "url");
  if (!url.starts_with("wss://") && !(api_.is_local() && url.starts_with("ws://")))
    throw net::NotSent("Slack names a socket that is not wss://");
  net::WebSocketOptions how;
  how.ca_file = options_.ca_file;
  how.silence = options_.silence;
  auto link = std::make_shared<Link>();
  link->socket = co_await net::WebSocket::dial(executor_, url, how);
  link->generation = ++generation_;
  link->since = clock_.now();
  net::spawn(executor_, "socket of Slack", serve(link));
  co_await until_hello(link);
  if (!link->has_said_hello || link->is_over) {
    link->socket->abort();
    throw net::NotSent("Slack's socket said no hello");
  }
  promote(link);
}

net::awaitable<void> Sockets::until_hello(LinkPtr link) {
  const auto until = clock_.now() + options_.hello;
  while (!link->has_said_hello && !link->is_over && clock_.now() < until)
    co_await changed_.wait_until(clock_, until);
}

/// At most two: a third would be one that nobody needs any more.
void Sockets::promote(const LinkPtr& link) {
  if (retiring_ && !retiring_->is_over) retiring_->socket->abort();
  retiring_ = std::exchange(current_, link);
  if (retiring_ && !retiring_->is_over) net::spawn(executor_, "replaced socket of Slack", retire(retiring_));
  failures_ = 0;
  const bool was_lost = lost_since_.has_value();
  lost_since_.reset();
  spdlog::info("slack: socket {} is open", link->generation);
  if (was_lost) on_open();
}

/// Slack closes it by itself, some ten seconds after it said so.
net::awaitable<void> Sockets::retire(LinkPtr link) {
  co_await clock_.sleep_for(options_.drain);
  if (!link->is_over) co_await link->socket->close(goodbye);
}

net::awaitable<void> Sockets::serve(LinkPtr link) {
  for (;;) {
    const auto message = co_await link->socket->read();
    if (!message) break;
    if (message->is_binary)
      spdlog::warn("slack: a binary frame was ignored");
    else
      co_await take_frame(link, message->text);
  }
  link->is_over = true;
  // Slack has counted it; it says how many there are only when the next one opens.
  if (link->has_said_hello && counted_ > 0) --counted_;
  if (link == current_) lost(*link);
  changed_.notify();
}

/// The first loss is made good at once. One that follows soon is not: whatever ends them would end the next,
/// too.
void Sockets::lost(Link& link) {
  if (is_leaving_) return;
  lost_since_ = clock_.now();
  spdlog::warn("slack: socket {} is gone ({})", link.generation, link.socket->end());
  const bool was_steady = clock_.now() - link.since >= options_.steady;
  if (was_steady) backoff_.reset();
  const bool is_first = backoff_.tries() == 0;
  const auto pause = backoff_.next();
  if (!is_first) not_before_ = std::max(not_before_, clock_.now() + pause);
}

net::awaitable<void> Sockets::take_frame(LinkPtr link, std::string text) {
  auto frame = json::parse(text, nullptr, false);
  if (!frame.is_object()) {
    spdlog::warn("slack: a frame that is no JSON object was ignored");
    co_return;
  }
  const auto type = text_of(frame, "type");
  if (type == "hello")
    take_hello(*link, frame);
  else if (type == "disconnect")
    take_goodbye(*link, text_of(frame, "reason"));
  else if (!text_of(frame, "envelope_id").empty())
    co_await take_envelope(link, std::move(frame));
  else
    spdlog::info("slack: a frame of the kind \"{}\" was ignored", type.substr(0, 40));
}

void Sockets::take_hello(Link& link, const json& frame) {
  const auto* count = find(frame, "num_connections");
  link.has_said_hello = true;
  counted_ = count && count->is_number_integer() ? count->get<int>() : 0;
  const int ours = own() + (current_ && current_.get() == &link ? 0 : 1);
  if (counted_ > ours)
    spdlog::warn(
        "slack: it counts {} connections of this app, and {} are ours: what it sends to the others is lost "
        "until it drops them. Does another process use the same app-level token?",
        counted_, ours);
  changed_.notify();
}

void Sockets::take_goodbye(Link& link, const std::string& reason) {
  link.is_to_go = true;
  if (reason == "link_disabled") {
    spdlog::error(
        "slack: Socket Mode is switched off for the app; switch it on at https://api.slack.com/apps");
    not_before_ = clock_.now() + long_rest;
  } else if (reason == "too_many_websockets") {
    const auto spread = static_cast<std::int64_t>(random_.below(long_rest.count()));
    not_before_ = clock_.now() + long_rest + net::Duration(spread);
    spdlog::warn("slack: too many connections are open for this app; other processes use it");
  }
  changed_.notify();
}

/// Stored, acknowledged, and only then done: the acknowledgement is on its way before anything that was
/// started by it runs.
net::awaitable<void> Sockets::take_envelope(LinkPtr link, json frame) {
  const json nothing;
  const auto* found = find(frame, "payload");
  const auto& payload = found ? *found : nothing;
  const auto type = text_of(frame, "type");
  co_await take_(type, payload);
  link->socket->send(json{{"envelope_id", text_of(frame, "envelope_id")}}.dump());
}

}  // namespace bot::slack
