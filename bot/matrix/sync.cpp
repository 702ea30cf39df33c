#include <limits>
#include <utility>

#include "bot/matrix/event.hpp"
#include "bot/matrix/event_reader.hpp"
#include "bot/matrix/fields.hpp"

namespace bot::matrix {
namespace {

using nlohmann::json;

json parse_object(std::string_view body) {
  auto answer = json::parse(body, nullptr, false);
  if (answer.is_discarded()) answer = json::parse(with_stand_ins(body), nullptr, false);
  if (answer.is_discarded()) throw BadAnswer("The homeserver's answer is no JSON.");
  if (!answer.is_object()) throw BadAnswer("The homeserver's answer is no JSON object.");
  return answer;
}

/// {"events": […]}, as every part of a sync has it.
json* events_of(json& part, std::string_view name) {
  auto* section = find_object(part, name);
  return section ? find_array(*section, "events") : nullptr;
}

std::optional<int> members_of(json& room) {
  auto* summary = find_object(room, "summary");
  if (!summary) return std::nullopt;
  const auto joined = find_number(*summary, "m.joined_member_count");
  const auto invited = find_number(*summary, "m.invited_member_count");
  constexpr std::int64_t most = std::numeric_limits<int>::max() / 2;
  if (!joined || !invited || *joined < 0 || *invited < 0 || *joined > most || *invited > most)
    return std::nullopt;
  return static_cast<int>(*joined + *invited);
}

JoinedRoom joined_room(EventReader& reader, const std::string& id, json& source) {
  JoinedRoom room;
  room.id = id;
  room.state = reader.read_all(events_of(source, "state"), id);
  room.timeline = reader.read_all(events_of(source, "timeline"), id);
  if (auto* timeline = find_object(source, "timeline")) {
    room.limited = is_true(*timeline, "limited");
    room.prev_batch = take_text(*timeline, "prev_batch");
  }
  room.members = members_of(source);
  return room;
}

/// Stripped state: no ids, no times, and of the kinds only what the server thinks fit.
Invitation invitation(const std::string& self, const std::string& id, json& source) {
  Invitation invited;
  invited.room = id;
  auto* events = events_of(source, "invite_state");
  if (!events) return invited;
  for (auto& event : *events) {
    const auto type = take_text(event, "type");
    const auto* state_key = find_text(event, "state_key");
    if (!state_key) continue;
    if (type == "m.room.encryption") invited.is_encrypted = true;
    auto* content = find_object(event, "content");
    if (type != "m.room.member" || *state_key != self || !content) continue;
    if (take_text(*content, "membership") != "invite") continue;
    invited.inviter = take_text(event, "sender");
    if (!is_id(invited.inviter)) invited.inviter.clear();
    invited.is_direct = is_true(*content, "is_direct");
  }
  return invited;
}

/// `{"@a:hs": ["!room", …]}` turned round.
std::map<std::string, std::string> rooms_of_people(json& content) {
  std::map<std::string, std::string> people;
  for (const auto& [person, rooms] : content.items()) {
    if (!rooms.is_array()) continue;
    for (const auto& room : rooms)
      if (room.is_string()) people.emplace(room.get<std::string>(), person);
  }
  return people;
}

std::optional<std::map<std::string, std::string>> direct_rooms(json& answer) {
  auto* events = events_of(answer, "account_data");
  std::optional<std::map<std::string, std::string>> direct;
  if (!events) return direct;
  for (auto& event : *events) {
    auto* content = find_object(event, "content");
    if (content && take_text(event, "type") == "m.direct") direct = rooms_of_people(*content);
  }
  return direct;
}

/// Calls `each(id, room)` for the rooms of one kind: "join", "invite", "leave".
template <class Each>
void for_rooms(EventReader& reader, json* rooms, std::string_view kind, Each each) {
  auto* list = rooms ? find_object(*rooms, kind) : nullptr;
  if (!list) return;
  for (auto& [id, room] : list->get_ref<json::object_t&>()) {
    if (!is_id(id))
      reader.skip("a room", id, "its id is none");
    else if (!room.is_object())
      reader.skip("what happened", id, "it is no object");
    else
      each(id, room);
  }
}

}  // namespace

Sync parse_sync(std::string_view body, const std::string& self, net::Time now) {
  auto answer = parse_object(body);
  Sync sync;
  sync.next_batch = take_text(answer, "next_batch");
  if (sync.next_batch.empty()) throw BadAnswer("The homeserver's answer to a sync has no next_batch.");
  EventReader reader(self, now);
  auto* rooms = find_object(answer, "rooms");
  for_rooms(reader, rooms, "join",
            [&](const std::string& id, json& room) { sync.joined.push_back(joined_room(reader, id, room)); });
  for_rooms(reader, rooms, "invite", [&](const std::string& id, json& room) {
    sync.invitations.push_back(invitation(self, id, room));
  });
  for_rooms(reader, rooms, "leave", [&](const std::string& id, json&) { sync.left.push_back(id); });
  sync.direct = direct_rooms(answer);
  sync.skipped = std::move(reader.skipped);
  return sync;
}

Page parse_page(std::string_view body, const std::string& self, net::Time now) {
  auto answer = parse_object(body);
  auto* chunk = find_array(answer, "chunk");
  if (!chunk) throw BadAnswer("The homeserver's page of messages has no chunk.");
  EventReader reader(self, now);
  Page page;
  page.size = chunk->size();
  page.events = reader.read_all(chunk, "");
  page.end = take_text(answer, "end");
  page.skipped = std::move(reader.skipped);
  return page;
}

}  // namespace bot::matrix
