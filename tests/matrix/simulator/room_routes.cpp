#include <array>

#include "tests/matrix/simulator/call.hpp"
#include "tests/matrix/simulator/event_text.hpp"

namespace matrix::simulator {
namespace {

using nlohmann::json;

Body create(Call& call) { return json{{"room_id", call.home.create_room(call.session.user, call.object())}}; }

Body join(Call& call) {
  const auto room = call.home.resolve(call.ids[0]);
  call.home.join(call.session.user, room);
  return json{{"room_id", room}};
}

Body leave(Call& call) {
  call.home.leave(call.session.user, call.ids[0]);
  return json::object();
}

Body invite(Call& call) {
  const std::string whom = call.object().at("user_id");
  call.home.invite(call.session.user, call.ids[0], whom);
  return json::object();
}

Body remove(Call& call, const std::string& membership) {
  const auto body = call.object();
  const std::string whom = body.at("user_id");
  call.home.kick(call.session.user, call.ids[0], whom, membership, body.value("reason", ""));
  return json::object();
}

Body upgrade(Call& call) {
  return json{{"replacement_room", call.home.upgrade(call.session.user, call.ids[0])}};
}

Body joined_rooms(Call& call) {
  json rooms = json::array();
  for (const auto& id : call.home.user(call.session.user).rooms)
    if (call.home.room(id).membership(call.session.user) == "join") rooms.push_back(id);
  return json{{"joined_rooms", rooms}};
}

Body joined_members(Call& call) {
  const auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  json members = json::object();
  for (const auto& id : room.members("join")) {
    const auto content = room.find_state("m.room.member", id)->content;
    members[id] = {{"display_name", content.value("displayname", "")}, {"avatar_url", nullptr}};
  }
  return json{{"joined", members}};
}

std::string state_text(Call& call, const Room& room, bool members_only) {
  const Reader reader{call.home.now(), call.session.key(), "", true, nullptr};
  std::string text;
  for (const auto& [key, values] : room.state) {
    if (members_only && key.first != "m.room.member") continue;
    if (!text.empty()) text += ',';
    write(text, *values.back(), reader);
  }
  return "[" + text + "]";
}

Body members(Call& call) {
  const auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  return {"{\"chunk\":" + state_text(call, room, true) + "}", "application/json"};
}

Body whole_state(Call& call) {
  const auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  return {state_text(call, room, false), "application/json"};
}

std::string state_key(const Call& call) { return call.ids.size() > 2 ? call.ids[2] : ""; }

Body show_state(Call& call) {
  const auto state =
      call.home.joined_room(call.session.user, call.ids[0]).find_state(call.ids[1], state_key(call));
  if (!state) throw not_found("Event not found.");
  return state->content;
}

Body set_state(Call& call) {
  if (call.ids[1] == "m.room.member") throw Refusal(400, "M_UNKNOWN", "Use the membership endpoints");
  call.home.take_message(call.session.user);
  return json{{"event_id", call.home.set_state(call.session.user, call.ids[0], call.ids[1], state_key(call),
                                               call.object())}};
}

Body show_alias(Call& call) {
  return json{{"room_id", call.home.resolve(call.ids[0])}, {"servers", {call.home.contents.server_name}}};
}

Body set_alias(Call& call) {
  const std::string room = call.object().at("room_id");
  if (!call.home.contents.aliases.emplace(call.ids[0], room).second)
    throw Refusal(409, "M_UNKNOWN", "Room alias " + call.ids[0] + " already exists");
  return json::object();
}

Body remove_alias(Call& call) {
  if (call.home.contents.aliases.erase(call.ids[0]) == 0)
    throw not_found("Room alias " + call.ids[0] + " not found");
  return json::object();
}

Body type(Call& call) {
  call.must_be_own(call.ids[1]);
  auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  const auto body = call.object();
  room.typing.erase(call.session.user);
  if (body.at("typing")) room.typing[call.session.user] = call.home.now() + body.value("timeout", 30'000);
  room.typing_position = call.home.stamp();
  return json::object();
}

Body acknowledge(Call& call) {
  auto& room = call.home.joined_room(call.session.user, call.ids[0]);
  const auto thread = call.object().value("thread_id", "");
  room.receipts[call.session.user] = {call.ids[2], thread, call.home.now(), call.home.stamp()};
  return json::object();
}

constexpr std::array<Route, 26> room_table = {{
    {"POST", "/_matrix/client/v3/createRoom", create},
    {"POST", "/_matrix/client/v3/join/*", join},
    {"POST", "/_matrix/client/v3/rooms/*/join", join},
    {"POST", "/_matrix/client/v3/rooms/*/leave", leave},
    {"POST", "/_matrix/client/v3/rooms/*/invite", invite},
    {"POST", "/_matrix/client/v3/rooms/*/kick", [](Call& call) { return remove(call, "leave"); }},
    {"POST", "/_matrix/client/v3/rooms/*/ban", [](Call& call) { return remove(call, "ban"); }},
    {"POST", "/_matrix/client/v3/rooms/*/forget", [](Call&) -> Body { return json::object(); }},
    {"POST", "/_matrix/client/v3/rooms/*/upgrade", upgrade},
    {"GET", "/_matrix/client/v3/joined_rooms", joined_rooms},
    {"GET", "/_matrix/client/v3/rooms/*/joined_members", joined_members},
    {"GET", "/_matrix/client/v3/rooms/*/members", members},
    {"GET", "/_matrix/client/v3/rooms/*/state", whole_state},
    {"GET", "/_matrix/client/v3/rooms/*/state/*", show_state},
    {"GET", "/_matrix/client/v3/rooms/*/state/*/", show_state},
    {"GET", "/_matrix/client/v3/rooms/*/state/*/*", show_state},
    {"PUT", "/_matrix/client/v3/rooms/*/state/*", set_state},
    {"PUT", "/_matrix/client/v3/rooms/*/state/*/", set_state},
    {"PUT", "/_matrix/client/v3/rooms/*/state/*/*", set_state},
    {"GET", "/_matrix/client/v3/directory/room/*", show_alias, true},
    {"PUT", "/_matrix/client/v3/directory/room/*", set_alias},
    {"DELETE", "/_matrix/client/v3/directory/room/*", remove_alias},
    {"PUT", "/_matrix/client/v3/rooms/*/typing/*", type},
    {"POST", "/_matrix/client/v3/rooms/*/receipt/*/*", acknowledge},
    {"POST", "/_matrix/client/v3/rooms/*/read_markers", [](Call&) -> Body { return json::object(); }},
    {"GET", "/_matrix/client/v3/rooms/*/aliases",
     [](Call&) -> Body {
       return json{{"aliases", json::array()}};
     }},
}};

}  // namespace

std::span<const Route> room_routes() { return room_table; }

}  // namespace matrix::simulator
