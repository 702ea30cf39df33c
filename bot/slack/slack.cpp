#include "bot/slack/slack.hpp"

#include <spdlog/spdlog.h>

#include "bot/slack/fields.hpp"
#include "commands/post.hpp"
#include "net/error.hpp"
#include "net/race.hpp"
#include "net/spawn.hpp"

namespace bot::slack {
namespace {

using nlohmann::json;

constexpr net::Duration unwell_after = std::chrono::seconds(30);
constexpr std::chrono::minutes between_tidyings(5);
constexpr std::chrono::hours threads_kept(24 * 7);
constexpr net::Duration patience_with_names = std::chrono::milliseconds(1500);
constexpr net::Duration rest_from_names = std::chrono::minutes(1);

}  // namespace

Slack::Slack(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
             Options options)
    : executor_(executor),
      clock_(clock),
      random_(random),
      storage_(storage),
      options_(std::move(options)),
      api_(executor, options_),
      reader_(storage, options_),
      sockets_(executor, clock, random, api_, options_),
      limits_(clock, options_.per_channel),
      known_(executor),
      started_(clock.now()) {
  const auto look_at = started_ + std::min(options_.request, longest_way);
  for (const auto& key : storage_.outbox.waiting(chat_name)) unsure_.emplace(key, look_at);
}

net::awaitable<void> Slack::listen(Receive receive) {
  net::spawn(executor_, "old answers of Slack", tidy());
  net::spawn(executor_, "who we are in Slack", learn_who_we_are());
  // What comes before that could be neither read nor acknowledged.
  while (!is_known_) co_await known_.wait();
  const auto store = [&](const auto& type, const auto& payload) { return take(type, payload, receive); };
  co_await sockets_.run(store);
}

/// What we say ourselves is no command, and other workspaces are none of ours: without this nothing can be
/// read, and no socket is opened.
net::awaitable<void> Slack::learn_who_we_are() {
  net::Backoff backoff(random_, options_.retry, options_.last_retry);
  const json none = json::object();
  while (!is_known_) {
    net::Duration pause{};
    try {
      const auto answer = co_await api_.call("auth.test", none);
      reader_.self = {text_of(answer, "team_id"), text_of(answer, "user_id"), text_of(answer, "bot_id")};
      is_known_ = true;
    } catch (const Refusal& refusal) {
      if (refusal.is_for_good())
        throw CredentialsRefused(std::string(refusal.what()) +
                                 ": put the token of the installed app (OAuth & Permissions) into [slack] "
                                 "bot_token_file");
      pause = std::max(backoff.next(), refusal.wait.value_or(net::Duration::zero()));
      spdlog::warn("{}; trying again until it goes well", refusal.what());
    } catch (const net::Error& error) {
      pause = backoff.next();
      spdlog::warn("slack: {}; trying again until it goes well", error.what());
    }
    if (!is_known_) co_await clock_.sleep_for(pause);
  }
  known_.notify();
}

/// Workspaces are called after their owners, and "U0123ABCD" says nothing. Slack is asked once a person and
/// process, before the first thing they say is stored; it has three seconds in all to be acknowledged.
net::awaitable<void> Slack::learn_name(std::string user, std::string given) {
  if (user.empty() || !named_.insert(user).second) co_return;
  const auto known = storage_.people.find(chat_name, reader_.self.team + "/" + user);
  if (known && !known->name.empty()) co_return;
  auto name = given;
  if (name.empty()) name = co_await ask_name(user);
  if (name.empty() && clock_.now() < no_names_before_) named_.erase(user);
  if (!name.empty()) storage_.people.name(chat_name, reader_.self.team + "/" + user, name);
}

/// "" where the app may not, or Slack does not answer soon; others, who wait behind, then need not wait as
/// long.
net::awaitable<std::string> Slack::ask_name(std::string user) {
  std::string name;
  if (clock_.now() < no_names_before_) co_return name;
  const auto ask = [&]() -> net::awaitable<void> {
    const net::Query arguments = {{"user", user}};
    try {
      const auto answer = co_await api_.call_with_form("users.info", arguments);
      const auto* found = find_object(answer, "user");
      if (found) name = text_of(*found, "name");
    } catch (const Refusal& refusal) {
      spdlog::info("slack: {}", refusal.what());
    } catch (const net::Error& error) {
      spdlog::info("slack: {}", error.what());
    }
  };
  auto asking = ask();
  const bool in_time = co_await net::ends_within(clock_, patience_with_names, std::move(asking));
  if (!in_time) no_names_before_ = clock_.now() + rest_from_names;
  co_return name;
}

net::awaitable<void> Slack::take(std::string type, const json& payload, const Receive& receive) {
  auto heard = reader_.read(type, payload, clock_.now());
  if (!heard.refusal.empty()) spdlog::warn("slack: ignored: {}", heard.refusal);
  check_press(heard);
  co_await learn_name(heard.user, heard.name);
  Batch batch;
  if (heard.reply) batch.store = [&] { storage_.replies.put(*heard.reply); };
  if (heard.message) batch.messages.push_back(std::move(*heard.message));
  if (heard.notice) batch.notices.push_back(std::move(*heard.notice));
  if (!batch.messages.empty() || !batch.notices.empty() || batch.store) receive(batch);
  if (heard.pressed) net::spawn(executor_, "pressed button", show_pressed(std::move(*heard.pressed)));
}

/// A press that may not be changes nothing: neither what is asked nor the buttons.
void Slack::check_press(Heard& heard) const {
  if (!heard.pressed || !heard.message) return;
  heard.pressed->refusal = why_not(*heard.message);
  if (heard.pressed->refusal.empty()) return;
  heard.pressed->is_theirs = false;
  heard.message.reset();
  heard.reply.reset();
}

/// The empty acknowledgement was the sign: Slack shows nothing more of what was received.
net::awaitable<void> Slack::seen(In) { co_return; }

/// URLs by which commands are answered are secrets, and end. What was sent is not sent again.
net::awaitable<void> Slack::tidy() {
  const auto is_settled = [&](const auto& one) {
    const auto row = storage_.outbox.find(one.first);
    return !row || row->state == "sent" || row->state == "dropped";
  };
  for (;;) {
    const auto now = clock_.now();
    std::erase_if(unsure_, is_settled);
    storage_.replies.forget(now, now - threads_kept);
    co_await clock_.sleep_for(between_tidyings);
  }
}

Health Slack::health() const {
  const auto now = clock_.now();
  Health health;
  health.sockets = Health::Sockets{sockets_.own(), sockets_.counted()};
  if (sockets_.is_open()) {
    health.last_contact = now;
    return health;
  }
  health.last_contact = sockets_.dialled() > 0 ? sockets_.lost_since() : std::nullopt;
  const auto since = sockets_.lost_since().value_or(started_);
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - since);
  if (age > unwell_after) health.trouble = "no connection for " + std::to_string(age.count()) + " s";
  return health;
}

}  // namespace bot::slack
