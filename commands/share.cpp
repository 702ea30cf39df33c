#include "commands/card.hpp"
#include "commands/duration.hpp"
#include "commands/names.hpp"
#include "commands/permission.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"
#include "commands/times.hpp"
#include "commands/whose.hpp"
#include "tailnet/tag.hpp"

/// `share` and `unshare`: another one may start, stop and open a workspace, for a while.
namespace commands {
namespace {

constexpr net::Duration longest_share = std::chrono::hours(31 * 24);

/// The caller's own workspace, for @user says whom with and not whose it is.
storage::WorkspaceRow mine(Services& world, const Caller& caller, Request ask) {
  ask.person.clear();
  const auto name = ask.words.empty() ? "" : ask.words.front();
  const auto workspace = find_workspace(world, caller, ask, name);
  if (!workspace) throw Error(no_workspace(world, caller, ask, name));
  return *workspace;
}

/// How long it is shared, taken out of the words; what is left may name the workspace.
net::Duration take_length(Request& ask) {
  const auto length = take_duration(ask.words);
  if (!length || ask.words.size() > 1)
    throw Error(
        "It is written: share @bob 2h, with the workspace's name before the time where you have "
        "several. Nothing was shared.");
  if (*length > longest_share)
    throw Error("A share lasts at most 31 days, so that none is forgotten. Nothing was shared.");
  return *length;
}

/// The bot tells the tailnet nothing: who reaches a workspace is its policy's to say.
std::string what_policy_must_allow(Services& world, const storage::WorkspaceRow& workspace) {
  const auto owner = world.storage.people.find(workspace.owner).value();
  const auto tag = tailnet::tag_of(world.settings.tag, dns_label(short_name(owner)));
  return "\n  The tailnet's policy has to let them in, too: a grant from their login to " + tag +
         ", tcp:443, 80 and 22 (deploy/tailnet.md). The bot changes nothing there, also not at the end.";
}

}  // namespace

Begin share(Services& world, const Caller& caller, const Request& asked) {
  auto ask = asked;
  const auto length = take_length(ask);
  const auto workspace = mine(world, caller, ask);
  const auto person = teammate(world, caller, ask);
  if (person.id == workspace.owner) throw Error("It is yours already. Nothing was shared.");
  if (role_of(world.settings.policy, person) < Role::member)
    throw Error(shown(person) + " is not among the people this bot works for. Nothing was shared.");
  const auto now = world.clock.now();
  storage::ShareRow row;
  row.workspace = workspace.id;
  row.person = person.id;
  row.until = now + length;
  row.by = caller.person.id;
  row.chat = caller.message.chat;
  row.room = caller.message.room;
  row.thread = caller.message.thread;
  world.storage.shares.set(row);
  world.changed.notify();
  Message message;
  message.text = workspace.hostname + " is shared with " + shown(person) + " until " +
                 clock_text(row.until, now, zone_of(world, caller.person)) + ": " + shown(person) +
                 " may say " + line_for(world, workspace, "up", person.id) +
                 ", and so with down, open, ssh, "
                 "status, why and logs; nothing else." +
                 what_policy_must_allow(world, workspace);
  message.mentions = {sender_of(world.storage, caller.person.id), sender_of(world.storage, person.id)};
  const auto theirs = place_of(world, row.chat, person.id);
  const bool is_alone = caller.message.direct;
  if (is_alone && theirs) post(world, *theirs, caller.message.key + "/shared", "final", message);
  if (is_alone && !theirs) message.text += "\n  " + shown(person) + " has never written here: tell them.";
  return message;
}

Begin unshare(Services& world, const Caller& caller, const Request& ask) {
  if (ask.person.empty()) throw Error("With whom? unshare @bob. Nothing was changed.");
  const auto workspace = mine(world, caller, ask);
  const auto person = person_named(world, caller, ask.person);
  if (!world.storage.shares.remove(workspace.id, person.id))
    throw Error(workspace.hostname + " is not shared with " + shown(person) + ". Nothing was changed.");
  Message message;
  message.text = workspace.hostname + " is no longer shared with " + shown(person) +
                 ". Whether they reach it in the tailnet is its policy's to say.";
  message.mentions = {sender_of(world.storage, caller.person.id), sender_of(world.storage, person.id)};
  return message;
}

}  // namespace commands
