#include <algorithm>
#include <array>

#include "tests/matrix/simulator/homeserver.hpp"

/// Creating, joining, leaving and upgrading rooms.
namespace matrix::simulator {

using nlohmann::json;

namespace {

/// The levels that Synapse gives a room of version 12: creators stand above them and are not named.
json power_levels() {
  return {{"users", json::object()},
          {"users_default", 0},
          {"events",
           {{"m.room.name", 50},
            {"m.room.power_levels", 100},
            {"m.room.history_visibility", 100},
            {"m.room.canonical_alias", 50},
            {"m.room.avatar", 50},
            {"m.room.tombstone", 150},
            {"m.room.server_acl", 100},
            {"m.room.encryption", 100}}},
          {"events_default", 0},
          {"state_default", 50},
          {"ban", 50},
          {"kick", 50},
          {"redact", 50},
          {"invite", 0},
          {"historical", 100}};
}

/// Sets one state after the other for the same sender.
struct Builder {
  Homeserver& home;
  std::string room;
  std::string sender;

  void set(const std::string& type, const json& content, const std::string& key = "") const {
    home.append({.room = room, .sender = sender, .type = type, .content = content, .state_key = key});
  }
};

void name_it(Homeserver& home, const Builder& builder, const json& body) {
  const auto local = body.value("room_alias_name", "");
  if (local.empty()) return;
  const auto alias = "#" + local + ":" + home.contents.server_name;
  if (!home.contents.aliases.emplace(alias, builder.room).second)
    throw Refusal(400, "M_ROOM_IN_USE", "Room alias already taken");
  builder.set("m.room.canonical_alias", {{"alias", alias}});
}

bool is_public(const json& body) {
  const auto preset = body.value("preset", "");
  if (!preset.empty()) return preset == "public_chat";
  return body.value("visibility", "private") == "public";
}

/// What of a room's state its replacement gets.
constexpr std::array<const char*, 8> carried_over = {
    "m.room.join_rules", "m.room.history_visibility", "m.room.guest_access", "m.room.name", "m.room.topic",
    "m.room.avatar",     "m.room.encryption",         "m.room.power_levels"};

void check_target(const Room& room, const std::string& sender, const std::string& whom,
                  const std::string& membership) {
  if (room.membership(sender) != "join") throw forbidden(sender + " not in room " + room.id + ".");
  const auto action = membership == "invite" ? "invite" : membership == "ban" ? "ban" : "kick";
  const auto needed = room.power_to(action, membership == "invite" ? 0 : 50);
  if (room.power_of(sender) < needed) throw forbidden("You don't have permission to " + std::string(action));
  const auto before = room.membership(whom);
  if (membership == "invite" && before == "join") throw forbidden(whom + " is already in the room.");
  if (membership == "invite" && before == "ban") throw forbidden(whom + " is banned from the room");
}

/// After an upgrade nobody without power talks in the old room or invites to it.
void silence(Homeserver& home, const Room& room, const std::string& who) {
  auto levels = room.find_state("m.room.power_levels")->content;
  for (const auto* action : {"invite", "events_default"})
    levels[action] = std::max(levels.value(action, 0), std::max(levels.value("users_default", 0) + 1, 50));
  home.set_state(who, room.id, "m.room.power_levels", "", levels);
}

}  // namespace

std::string Homeserver::create_room(const std::string& creator, const json& body) {
  user(creator);
  Builder builder{*this, "!" + random_id(), creator};
  contents.rooms[builder.room].id = builder.room;
  auto created = body.value("creation_content", json::object());
  created["room_version"] = "12";
  const auto invited = body.value("invite", std::vector<std::string>());
  if (body.value("preset", "") == "trusted_private_chat") created["additional_creators"] = invited;
  builder.set("m.room.create", created);
  set_membership(creator, builder.room, creator, "join");
  auto levels = power_levels();
  levels.merge_patch(body.value("power_level_content_override", json::object()));
  builder.set("m.room.power_levels", levels);
  name_it(*this, builder, body);
  builder.set("m.room.join_rules", {{"join_rule", is_public(body) ? "public" : "invite"}});
  builder.set("m.room.history_visibility", {{"history_visibility", "shared"}});
  if (!is_public(body)) builder.set("m.room.guest_access", {{"guest_access", "can_join"}});
  for (const auto& one : body.value("initial_state", json::array()))
    builder.set(one.at("type"), one.at("content"), one.value("state_key", ""));
  if (body.contains("name")) builder.set("m.room.name", {{"name", body["name"]}});
  if (body.contains("topic")) builder.set("m.room.topic", {{"topic", body["topic"]}});
  for (const auto& whom : invited) invite(creator, builder.room, whom, body.value("is_direct", false));
  return builder.room;
}

void Homeserver::set_membership(const std::string& sender, const std::string& room_id,
                                const std::string& whom, const std::string& membership, const json& more) {
  json content = more;
  content["membership"] = membership;
  const auto known = contents.users.find(whom);
  const bool is_named = membership == "join" || membership == "invite";
  if (is_named && known != contents.users.end() && !known->second.display_name.empty())
    content["displayname"] = known->second.display_name;
  append({.room = room_id, .sender = sender, .type = "m.room.member", .content = content, .state_key = whom});
}

void Homeserver::join(const std::string& who, const std::string& room_id) {
  auto& where = room(room_id);
  const auto before = where.membership(who);
  if (before == "join") return;
  const auto rules = where.find_state("m.room.join_rules");
  const bool is_open = rules && rules->content.value("join_rule", "") == "public";
  if (before == "ban") throw forbidden("You are banned from this room");
  if (!is_open && before != "invite") throw forbidden("You are not invited to this room.");
  set_membership(who, room_id, who, "join");
}

void Homeserver::leave(const std::string& who, const std::string& room_id) {
  const auto before = room(room_id).membership(who);
  if (before != "join" && before != "invite") throw forbidden(who + " not in room " + room_id + ".");
  set_membership(who, room_id, who, "leave");
}

void Homeserver::invite(const std::string& who, const std::string& room_id, const std::string& whom,
                        bool is_direct) {
  check_target(room(room_id), who, whom, "invite");
  json more = json::object();
  if (is_direct) more["is_direct"] = true;
  set_membership(who, room_id, whom, "invite", more);
}

void Homeserver::kick(const std::string& who, const std::string& room_id, const std::string& whom,
                      const std::string& membership, const std::string& reason) {
  check_target(room(room_id), who, whom, membership);
  json more = json::object();
  if (!reason.empty()) more["reason"] = reason;
  set_membership(who, room_id, whom, membership, more);
}

std::string Homeserver::upgrade(const std::string& who, const std::string& room_id) {
  auto& old = joined_room(who, room_id);
  if (old.power_of(who) < old.power_needed("m.room.tombstone", true))
    throw forbidden("You don't have permission to upgrade the room");
  const Builder builder{*this, "!" + random_id(), who};
  auto& made = contents.rooms[builder.room];
  made.id = builder.room;
  append({.room = room_id,
          .sender = who,
          .type = "m.room.tombstone",
          .content = {{"body", "This room has been replaced"}, {"replacement_room", builder.room}},
          .state_key = ""});
  builder.set("m.room.create", {{"room_version", "12"}, {"predecessor", {{"room_id", room_id}}}});
  set_membership(who, builder.room, who, "join");
  for (const auto* type : carried_over)
    if (const auto state = old.find_state(type)) builder.set(type, state->content);
  for (auto& [alias, target] : contents.aliases)
    if (target == room_id) target = builder.room;
  if (const auto alias = old.find_state("m.room.canonical_alias")) {
    builder.set("m.room.canonical_alias", alias->content);
    append({.room = room_id, .sender = who, .type = "m.room.canonical_alias", .state_key = ""});
  }
  silence(*this, old, who);
  return builder.room;
}

}  // namespace matrix::simulator
