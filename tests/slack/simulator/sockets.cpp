#include <algorithm>

#include "net/spawn.hpp"
#include "tests/slack/simulator/workspace.hpp"

/// Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode
namespace slack::simulator {

using nlohmann::json;

namespace {

constexpr std::size_t largest_ack = 20480;
/// After the first: at once, then a minute and five later.
constexpr std::chrono::seconds retries[] = {std::chrono::seconds(0), std::chrono::minutes(1),
                                            std::chrono::minutes(5)};

json envelope_text(const Envelope& envelope) {
  json text = {{"envelope_id", envelope.id},
               {"type", envelope.type},
               {"accepts_response_payload", envelope.type == "slash_commands"},
               {"payload", envelope.payload}};
  if (envelope.type == "events_api") {
    text["retry_attempt"] = std::max(0, envelope.attempts - 1);
    text["retry_reason"] = envelope.attempts > 1 ? "timeout" : "";
  }
  return text;
}

}  // namespace

json Workspace::hello() const {
  return {{"type", "hello"},
          {"num_connections", static_cast<int>(links_.size()) + team.ghosts},
          {"debug_info",
           {{"host", "applink-1"},
            {"build_number", 10},
            {"approximate_connection_time", team.approximate_connection_time}}},
          {"connection_info", {{"app_id", team.app_id}}}};
}

net::awaitable<void> Workspace::talk(std::shared_ptr<net::WebSocket> socket) {
  Link link;
  link.number = ++link_numbers_;
  link.socket = socket;
  links_.push_back(link);
  team.hello_us = microseconds();
  socket->send(hello().dump());
  catch_up();
  for (;;) {
    const auto message = co_await socket->read();
    if (!message) break;
    const auto here =
        std::find_if(links_.begin(), links_.end(), [&](const Link& one) { return one.socket == socket; });
    if (here == links_.end() || here->is_hole) continue;
    if (message->text.size() > largest_ack) {
      co_await socket->close(std::chrono::seconds(1));
      break;
    }
    acknowledge(message->text);
  }
  std::erase_if(links_, [&](const Link& one) { return one.socket == socket; });
}

Envelope* Workspace::find_envelope(const std::string& wanted) {
  const auto found = std::find_if(team.envelopes.rbegin(), team.envelopes.rend(),
                                  [&](const Envelope& one) { return one.id == wanted; });
  return found == team.envelopes.rend() ? nullptr : &*found;
}

void Workspace::acknowledge(const std::string& text) {
  const auto answer = json::parse(text, nullptr, false);
  if (!answer.is_object()) return;
  const auto wanted = answer.value("envelope_id", "");
  auto* found = find_envelope(wanted);
  if (!found || found->is_acknowledged) return;
  found->acknowledged_us = microseconds();
  // One event may be on its way in several envelopes.
  for (auto& envelope : team.envelopes)
    if (&envelope == found || (!found->event_id.empty() && envelope.event_id == found->event_id))
      envelope.is_acknowledged = true;
  acknowledged.notify();
}

/// To one of the links, by turns: also to one that is dead and still counted.
void Workspace::send(Envelope& envelope) {
  if (links_.empty()) return;
  auto link = links_.begin();
  std::advance(link, static_cast<std::ptrdiff_t>(next_link_++ % links_.size()));
  ++envelope.attempts;
  envelope.last_link = link->number;
  envelope.sent_us = microseconds();
  if (!link->is_hole) link->socket->send(envelope_text(envelope).dump());
}

std::string Workspace::deliver(const std::string& type, const json& payload, const std::string& event_id) {
  Envelope envelope;
  envelope.id = id("env-");
  envelope.type = type;
  envelope.payload = payload;
  envelope.event_id = event_id;
  auto& kept = team.envelopes.emplace_back(std::move(envelope));
  send(kept);
  // What finds no connection comes back as a retry if it is an event; a person sees an error at once.
  if (kept.attempts == 0 && event_id.empty()) kept.was_late = true;
  net::spawn(executor_, "acknowledgement of " + kept.id, watch(kept.id));
  return kept.id;
}

net::awaitable<void> Workspace::watch(std::string wanted) {
  for (const auto pause : retries) {
    const net::Duration limit = ack_limit + pause;
    co_await clock.sleep_for(limit);
    auto* envelope = find_envelope(wanted);
    if (!envelope || envelope->is_acknowledged) co_return;
    envelope->was_late = true;
    if (envelope->event_id.empty()) co_return;
    send(*envelope);
  }
}

void Workspace::redeliver(const std::string& event_id) {
  const auto found = std::find_if(team.envelopes.begin(), team.envelopes.end(),
                                  [&](const Envelope& one) { return one.event_id == event_id; });
  if (found == team.envelopes.end()) return;
  auto again = *found;
  again.id = id("env-");
  again.is_acknowledged = false;
  send(team.envelopes.emplace_back(std::move(again)));
}

/// What went out on a link that is gone, and what came while there was none, comes again.
void Workspace::catch_up() {
  for (auto& envelope : team.envelopes) {
    const bool is_on_its_way = std::any_of(links_.begin(), links_.end(), [&](const Link& link) {
      return link.number == envelope.last_link && !link.is_hole;
    });
    if (!envelope.is_acknowledged && !envelope.event_id.empty() && !is_on_its_way) send(envelope);
  }
}

void Workspace::disconnect(const std::string& reason) {
  const json text = {{"type", "disconnect"}, {"reason", reason}, {"debug_info", {{"host", "applink-1"}}}};
  for (const auto& link : links_) link.socket->send(text.dump());
}

void Workspace::close_links() {
  for (const auto& link : links_) {
    auto closing = link.socket->close(std::chrono::seconds(1));
    net::spawn(executor_, "closing a link", std::move(closing));
  }
}

void Workspace::reset_links() {
  for (const auto& link : links_) link.socket->abort(true);
}

void Workspace::silence_links() {
  for (auto& link : links_) {
    link.is_hole = true;
    link.socket->fall_silent();
  }
}

void Workspace::forget_holes() {
  for (const auto& link : links_)
    if (link.is_hole) link.socket->abort();
  std::erase_if(links_, [](const Link& link) { return link.is_hole; });
}

void Workspace::send_raw(const std::string& text) {
  for (const auto& link : links_) link.socket->send(text);
}

std::size_t Workspace::waiting() const {
  return static_cast<std::size_t>(
      std::count_if(team.envelopes.begin(), team.envelopes.end(),
                    [](const Envelope& one) { return !one.event_id.empty() && !one.is_acknowledged; }));
}

std::size_t Workspace::lost() const {
  return static_cast<std::size_t>(std::count_if(
      team.envelopes.begin(), team.envelopes.end(),
      [](const Envelope& one) { return one.event_id.empty() && !one.is_acknowledged && one.was_late; }));
}

}  // namespace slack::simulator
