#include <algorithm>

#include "commands/card.hpp"
#include "commands/due.hpp"
#include "commands/ledger.hpp"
#include "commands/names.hpp"
#include "commands/permission.hpp"
#include "commands/starts.hpp"
#include "commands/times.hpp"
#include "commands/trash.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

/// When its working hours start it; "" when they do not.
std::string start_line(Services& world, const storage::WorkspaceRow& workspace, const std::string& zone) {
  if (!working_hours(workspace)) return "";
  const auto start = next_start(world, workspace);
  return start ? "starts by itself at " + clock_text(start->at, world.clock.now(), zone) + "\n  " : "";
}

std::string whole(Services& world, const Caller& caller, const storage::WorkspaceRow& workspace) {
  const auto operations = world.storage.journal.unfinished_of(workspace.id);
  if (!operations.empty()) return "… " + progress_of(world, operations.front());
  if (const auto session = world.storage.sessions.current(workspace.id)) {
    if (session->node_name.empty())
      return "! " + workspace.hostname + " has a server (" + session->type +
             ") that never joined the tailnet; it is billed. " + line_for(world, workspace, "down") +
             " deletes it.";
    return card(world, workspace, *session);
  }
  if (workspace.state == "trashed") return trash_text(world, workspace, caller.person.id);
  return "– " + workspace.hostname + " is down · " + kept_text(world, workspace) + "\n  " +
         start_line(world, workspace, zone_of(world, caller.person)) + line_for(world, workspace, "up") +
         " brings it up";
}

std::string row_of(Services& world, const storage::WorkspaceRow& workspace) {
  const auto now = world.clock.now();
  const auto owner = world.storage.people.find(workspace.owner);
  const auto session = world.storage.sessions.current(workspace.id);
  auto text = workspace.hostname + " · " + (owner ? short_name(*owner) : "?") + " · ";
  const auto operations = world.storage.journal.unfinished_of(workspace.id);
  if (!operations.empty()) return text + operations.front().verb + " is running";
  if (workspace.state == "trashed")
    return text + "in the trash until " +
           clock_text(*workspace.trashed_until, now, zone_of(world, workspace));
  if (!session) return text + "down";
  return text + "up for " + span_text(now - session->created) + " · " + session->type + " · " +
         hetzner::with_currency(cost_of(*session, now), session->currency, 2) + " so far" +
         (goes_down_at(world, workspace.id) ? " · " + stop_text(world, workspace) : "");
}

/// Of another one's, no more than `status all` shows, unless the caller may look after it.
std::string as_seen(Services& world, const Caller& caller, const storage::WorkspaceRow& workspace) {
  const auto bond = bond_of(world, caller.person, workspace);
  const bool is_close = bond != Bond::foreign || caller.role >= Role::operating;
  return is_close ? whole(world, caller, workspace) : row_of(world, workspace);
}

/// What others let the caller use.
std::string shared_with(Services& world, const Caller& caller, const Request& ask) {
  if (!ask.person.empty()) return "";
  std::string lines;
  for (const auto& workspace : world.storage.workspaces.all())
    if (bond_of(world, caller.person, workspace) == Bond::shared)
      lines += "\nshared with you: " + row_of(world, workspace);
  return lines;
}

}  // namespace

Begin status(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.size() > 1) throw Error("`status` takes one name, or `all`.");
  const auto name = ask.words.empty() ? "" : ask.words.front();
  if (name == "all" && ask.person.empty()) {
    std::string lines;
    for (const auto& workspace : world.storage.workspaces.all())
      lines += (lines.empty() ? "" : "\n") + row_of(world, workspace);
    return lines.empty() ? "Nobody has a workspace yet." : lines;
  }
  const auto owner = whose(world, caller, ask);
  const auto all = world.storage.workspaces.of(owner.id);
  if (all.empty() && name.empty()) return no_workspace(world, caller, ask, "");
  if (name.empty() || name == "all") {
    std::string cards;
    for (const auto& workspace : all)
      cards += (cards.empty() ? "" : "\n") + as_seen(world, caller, workspace);
    return cards + shared_with(world, caller, ask);
  }
  const auto workspace = find_workspace(world, caller, ask, name);
  if (!workspace) throw Error(no_workspace(world, caller, ask, name));
  return as_seen(world, caller, *workspace);
}

}  // namespace commands
