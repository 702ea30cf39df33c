#include <algorithm>
#include <array>

#include "tests/matrix/simulator/call.hpp"
#include "tests/matrix/simulator/event_text.hpp"
#include "tests/matrix/simulator/timeline.hpp"

namespace matrix::simulator {
namespace {

using nlohmann::json;

Body id_of(const std::string& event) { return json{{"event_id", event}}; }

Body send(Call& call) {
  return id_of(call.home.send(call.session, call.ids[0], call.ids[1], call.ids[2], call.object()));
}

Body redact(Call& call) {
  const auto reason = call.object().value("reason", "");
  return id_of(call.home.send_redaction(call.session, call.ids[0], call.ids[1], call.ids[2], reason));
}

std::string list(const std::vector<EventPtr>& events, const Reader& reader) {
  std::string text;
  for (const auto& event : events) {
    if (!text.empty()) text += ',';
    write(text, *event, reader);
  }
  return "[" + text + "]";
}

Reader reader_of(const Call& call, const Room& room) {
  return {call.home.now(), call.session.key(), call.session.user, true, &room};
}

std::size_t limit_of(const Call& call, std::size_t otherwise) {
  const auto text = call.find("limit");
  if (text.empty()) return otherwise;
  if (text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
    throw Refusal(400, "M_INVALID_PARAM", "Query parameter 'limit' must be an integer");
  return std::min<std::size_t>(std::stoul(text), 1000);
}

PageAsk page_ask(const Call& call) {
  const auto direction = call.target.find("dir").value_or("f");
  if (direction != "b" && direction != "f")
    throw Refusal(400, "M_INVALID_PARAM", "Query parameter 'dir' must be one of ['b', 'f']");
  PageAsk ask;
  ask.forward = direction == "f";
  if (!call.find("from").empty()) ask.from = position_of(call.find("from"));
  if (!call.find("to").empty()) ask.to = position_of(call.find("to"));
  ask.limit = limit_of(call, 10);
  const auto filter = call.find("filter");
  if (!filter.empty()) ask.filter = event_filter(json::parse(filter));
  return ask;
}

Body messages(Call& call) {
  const auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  const auto page = load_page(room, page_ask(call), call.home.contents.position);
  auto text = "{\"chunk\":" + list(page.events, reader_of(call, room));
  text += ",\"start\":\"" + token_of(page.start, 't') + "\"";
  if (page.end) text += ",\"end\":\"" + token_of(*page.end, 't') + "\"";
  return {text + "}", "application/json"};
}

Body show_event(Call& call) {
  const auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  const auto event = call.home.event_in(call.ids[0], call.ids[1]);
  if (!event) throw not_found("Event not found.");
  std::string text;
  write(text, *event, reader_of(call, room));
  return {text, "application/json"};
}

/// The newest first.
Body relations(Call& call) {
  const auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  std::vector<EventPtr> found;
  const auto related = room.relations.find(call.ids[1]);
  if (related != room.relations.end()) found.assign(related->second.rbegin(), related->second.rend());
  std::erase_if(found, [&](const EventPtr& one) {
    const bool is_other = call.ids.size() > 2 && relation_of(one->content) != call.ids[2];
    const bool is_other_type = call.ids.size() > 3 && one->type != call.ids[3];
    return one->redacted_by || is_other || is_other_type;
  });
  found.resize(std::min(found.size(), limit_of(call, 50)));
  return {"{\"chunk\":" + list(found, reader_of(call, room)) + "}", "application/json"};
}

constexpr std::array<Route, 8> event_table = {{
    {"PUT", "/_matrix/client/v3/rooms/*/send/*/*", send},
    {"PUT", "/_matrix/client/v3/rooms/*/redact/*/*", redact},
    {"GET", "/_matrix/client/v3/rooms/*/messages", messages},
    {"GET", "/_matrix/client/v3/rooms/*/event/*", show_event},
    {"GET", "/_matrix/client/v1/rooms/*/relations/*", relations},
    {"GET", "/_matrix/client/v1/rooms/*/relations/*/*", relations},
    {"GET", "/_matrix/client/v1/rooms/*/relations/*/*/*", relations},
    {"POST", "/_matrix/client/v3/rooms/*/send/*",
     [](Call& call) {
       return id_of(
           call.home.send(call.session, call.ids[0], call.ids[1], call.home.random_id(), call.object()));
     }},
}};

}  // namespace

std::span<const Route> event_routes() { return event_table; }

}  // namespace matrix::simulator
