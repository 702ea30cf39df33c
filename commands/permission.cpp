#include "commands/permission.hpp"

#include <algorithm>
#include <set>

#include "commands/post.hpp"
#include "commands/trash.hpp"

namespace commands {
namespace {

/// What is left of a role in a room, and whether anything may be changed there.
struct Here {
  Role role = Role::nobody;
  bool may_change = true;
};

/// Of a room and of those it replaced: an upgrade gives a room another id, and no more rights.
std::optional<RoomLimit> limit_of(Services& world, const std::string& chat, const std::string& room) {
  const auto& limits = world.settings.policy.rooms;
  if (limits.empty()) return std::nullopt;
  const auto known = world.storage.rooms.all(chat);
  std::set<std::string> line = {room};
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (const auto& one : known)
      if (!one.successor.empty() && line.contains(one.successor)) has_grown |= line.insert(one.id).second;
  }
  std::optional<RoomLimit> least;
  for (const auto& id : line)
    if (const auto found = limits.find(id); found != limits.end())
      least = least ? std::min(*least, found->second) : found->second;
  return least;
}

Here in_room(Services& world, const Caller& caller) {
  const auto limit = limit_of(world, caller.message.chat, caller.message.room);
  if (!limit) return {caller.role, true};
  const auto most = *limit == RoomLimit::operating ? Role::operating : Role::member;
  return {std::min(caller.role, most), *limit != RoomLimit::read};
}

std::string plural(Role role) { return name_of(role) + "s"; }

std::string not_a_member(const Caller& caller) {
  return "You are not among the people this bot works for. An admin can add " + caller.person.platform + ":" +
         caller.person.user + " to members in its configuration, or say `role`. Nothing was done.";
}

std::string not_here(const Command& command, const std::string& why) {
  return "`" + std::string(command.verb) + "` is not done in this room, " + why +
         " ([policy] rooms). Say it in another one. Nothing was done.";
}

bool reaches(const Access& access, Bond bond, Role role) {
  if (bond == Bond::all) return access.all && role >= *access.all;
  if (bond == Bond::own) return access.reach != Reach::none;
  if (bond == Bond::shared && access.reach == Reach::shared) return true;
  return access.others && role >= *access.others;
}

std::string too_far(const Command& command, Bond bond) {
  const auto& access = command.access;
  const std::string verb(command.verb);
  if (bond == Bond::all)
    return "`" + verb + " all` is " + (access.all ? "for " + plural(*access.all) : "not a command") +
           ". Nothing was done.";
  const std::string also = access.others ? " and " + plural(*access.others) : "";
  const bool is_lent = access.reach == Reach::shared;
  const std::string whose =
      std::string("its owner") +
      (is_lent ? (also.empty() ? " and" : ",") + std::string(" whom it is shared with") : "") + also;
  return "That workspace is not yours: `" + verb + "` is for " + whose + ". Nothing was done.";
}

}  // namespace

Bond bond_of(Services& world, const storage::PersonRow& person, const storage::WorkspaceRow& workspace) {
  if (workspace.owner == person.id) return Bond::own;
  const auto share = world.storage.shares.find(workspace.id, person.id);
  return share && share->until > world.clock.now() ? Bond::shared : Bond::foreign;
}

std::optional<Bond> bond_of(Services& world, const storage::PersonRow& person,
                            const storage::OperationRow& operation) {
  if (const auto workspace = world.storage.workspaces.find(operation.workspace))
    return bond_of(world, person, *workspace);
  const auto* command = find_command(operation.verb);
  return command && command->access.all ? std::optional(Bond::all) : std::nullopt;
}

std::string why_not(Services& world, const Caller& caller, const Command& command, std::optional<Bond> bond) {
  const auto& access = command.access;
  if (caller.role == Role::nobody && access.tier > Role::nobody) return not_a_member(caller);
  if (caller.role < access.tier)
    return "`" + std::string(command.verb) + "` is for " + plural(access.tier) + ". Nothing was done.";
  if (bond && !reaches(access, *bond, caller.role)) return too_far(command, *bond);
  const auto here = in_room(world, caller);
  if (!here.may_change && access.effect == Effect::changes)
    return not_here(command, "which is for reading only");
  const bool reaches_here = here.role >= access.tier && (!bond || reaches(access, *bond, here.role));
  if (!reaches_here) return not_here(command, "where nobody is more than " + name_of(here.role));
  return "";
}

void check_may(Services& world, const Caller& caller, const Command& command,
               const storage::WorkspaceRow& workspace) {
  const auto why = why_not(world, caller, command, bond_of(world, caller.person, workspace));
  if (!why.empty()) throw NotAllowed(why);
}

void check_still_may(Services& world, const storage::OperationRow& operation) {
  const auto* command = find_command(operation.verb);
  const auto person = world.storage.people.find(operation.actor);
  const auto began_by = [&](const char* begin) { return operation.origin.starts_with(begin); };
  const bool is_own_stop = operation.verb == "down" && (began_by("idle:") || began_by("down:"));
  if (!command || !person || is_own_stop || began_by(trash_origins)) return;
  Caller caller;
  caller.person = *person;
  caller.role = role_of(world.settings.policy, *person);
  caller.message.chat = operation.chat;
  caller.message.room = operation.room;
  const auto why = why_not(world, caller, *command, bond_of(world, *person, operation));
  if (!why.empty()) throw NotAllowed("its asker may not do that any more. " + why);
}

void check_pressed(Services& world, const Caller& caller) {
  const auto& pressed = caller.message.answer_to;
  const auto row = pressed.empty() ? std::nullopt : world.storage.outbox.find(pressed);
  if (!row || row->kind == "question") return;
  const auto meant = message_in(*row).mentions;
  const auto sender = caller.person.platform + ":" + caller.person.user;
  if (!meant.empty() && std::find(meant.begin(), meant.end(), sender) == meant.end())
    throw NotAllowed("Those buttons are for somebody else. Nothing was done.");
}

bool takes_person(const Command& command) {
  const auto words = " " + std::string(command.options) + " ";
  return command.access.reach != Reach::none || words.find(" @user ") != std::string::npos;
}

}  // namespace commands
