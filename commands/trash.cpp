#include "commands/trash.hpp"

#include <algorithm>

#include "commands/card.hpp"
#include "commands/post.hpp"
#include "commands/times.hpp"
#include "commands/unasked.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

using storage::WorkspaceRow;

constexpr net::Duration prices_come = std::chrono::seconds(5);

Place place_of_trash(Services& world, const WorkspaceRow& workspace) {
  return place_for(world, world.storage.journal.find(workspace.trashed_by).value(), workspace.owner);
}

std::string key_of_notice(const WorkspaceRow& workspace) {
  return trash_origins + std::to_string(workspace.id) + ":" +
         std::to_string(storage::to_ms(*workspace.trashed_until));
}

/// Late when the bot was away: then it ends later, too.
void announce(Services& world, WorkspaceRow workspace) {
  workspace.trashed_until =
      std::max(*workspace.trashed_until, world.clock.now() + world.settings.policy.trash.notice);
  const auto mine = named_line(world, workspace, "undelete", workspace.owner);
  Message message;
  message.text = "! " + trash_text(world, workspace, workspace.owner);
  message.mentions = {sender_of(world.storage, workspace.owner)};
  message.buttons = {{"Undelete", mine.substr(world.settings.prefix.size() + 1)}};
  world.storage.database.write(storage::Commit::full, [&] {
    world.storage.workspaces.trash(workspace.id, *workspace.trashed_until, workspace.trashed_by);
    post(world, place_of_trash(world, workspace), key_of_notice(workspace), "final", message);
  });
}

/// False when it came to nothing before.
bool begin_end(Services& world, Runner& runner, const WorkspaceRow& workspace) {
  auto row = operation_from(world, key_of_notice(workspace), "delete", workspace.id, workspace.owner,
                            place_of_trash(world, workspace));
  Request ask;
  ask.verb = "delete";
  ask.flags.insert("final");
  row.request = ask;
  const bool is_new = add_unasked(world, row, "delete " + workspace.hostname, "begun: its time is over");
  if (is_new) runner.start(row.id);
  return is_new;
}

bool was_told(Services& world, const WorkspaceRow& workspace) {
  const auto notice = world.storage.outbox.find(key_of_notice(workspace));
  return notice && notice->state == "sent";
}

/// Returns when to look at it again.
net::Time look_at_trash(Services& world, Runner& runner, const WorkspaceRow& workspace) {
  const auto now = world.clock.now();
  const auto until = *workspace.trashed_until;
  const auto notice = world.settings.policy.trash.notice;
  if (now < until - notice) return until - notice;
  const bool is_announced = world.storage.outbox.find(key_of_notice(workspace)).has_value();
  // Prices are read a moment after the start, and are told.
  if (!is_announced && !world.project.last()) return now + prices_come;
  if (!is_announced) {
    announce(world, workspace);
    return now + notice;
  }
  if (now < until) return until;
  // What nobody could be told, or what went wrong, gets another day, of which its owner is told.
  const bool is_on_its_way = was_told(world, workspace) && begin_end(world, runner, workspace);
  if (!is_on_its_way) world.storage.workspaces.trash(workspace.id, now + notice, workspace.trashed_by);
  return now;
}

}  // namespace

std::string named_line(Services& world, const WorkspaceRow& workspace, const std::string& verb,
                       std::int64_t reader) {
  return world.settings.prefix + " " + verb + " " +
         (reader == workspace.owner ? workspace.name : workspace.hostname);
}

std::string trash_text(Services& world, const WorkspaceRow& workspace, std::int64_t reader) {
  const auto now = world.clock.now();
  const auto person = world.storage.people.find(reader);
  const auto zone = person ? zone_of(world, *person) : zone_of(world, workspace);
  return workspace.hostname + " is in the trash until " + clock_text(*workspace.trashed_until, now, zone) +
         ", then deleted for good: " + kept_text(world, workspace) + ". `" +
         named_line(world, workspace, "undelete", reader) + "` brings it back.";
}

std::optional<net::Time> end_trash(Services& world, Runner& runner) {
  std::optional<net::Time> next;
  for (const auto& workspace : world.storage.workspaces.trashed()) {
    if (!world.storage.journal.unfinished_of(workspace.id).empty()) continue;
    const auto at = look_at_trash(world, runner, workspace);
    next = next ? std::min(*next, at) : at;
  }
  return next;
}

}  // namespace commands
