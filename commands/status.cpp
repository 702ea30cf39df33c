#include <algorithm>

#include "commands/card.hpp"
#include "commands/due.hpp"
#include "commands/ledger.hpp"
#include "commands/names.hpp"
#include "commands/starts.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

std::string kept_line(Services& world, const storage::WorkspaceRow& workspace) {
  if (workspace.volume_id == 0 && workspace.ip_id == 0) return "it has neither volume nor address";
  const auto volume = std::to_string(workspace.volume_gb) + " GB volume";
  auto text = (workspace.volume_id == 0 ? "no volume, "
                                        : volume + (workspace.ip_id == 0 ? ", no address" : " and ")) +
              (workspace.ip_id == 0 ? "" : "IPv4 " + workspace.ipv4) + " in " + workspace.location;
  const auto& offer = world.project.last();
  if (!offer) return text;
  hetzner::Money monthly;
  if (workspace.volume_id != 0) monthly += volume_monthly(world, *offer, workspace.volume_gb);
  if (workspace.ip_id != 0) monthly += address_monthly(world, *offer, workspace.location);
  text += ", " + hetzner::with_currency(monthly, offer->pricing.currency, 2) + " a month";
  return text;
}

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
  return "– " + workspace.hostname + " is down · " + kept_line(world, workspace) + "\n  " +
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
  if (!session) return text + "down";
  return text + "up for " + span_text(now - session->created) + " · " + session->type + " · " +
         hetzner::with_currency(cost_of(*session, now), session->currency, 2) + " so far" +
         (goes_down_at(world, workspace.id) ? " · " + stop_text(world, workspace) : "");
}

}  // namespace

Begin status(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.size() > 1) throw Error("`status` takes one name, or `all`.");
  const auto name = ask.words.empty() ? "" : ask.words.front();
  if (name == "all") {
    std::string table;
    for (const auto& workspace : world.storage.workspaces.all())
      table += (table.empty() ? "" : "\n") + row_of(world, workspace);
    return table.empty() ? "Nobody has a workspace yet." : table;
  }
  const auto mine = world.storage.workspaces.of(caller.person.id);
  if (mine.empty()) return "You have no workspace yet. " + world.settings.prefix + " up makes one.";
  if (name.empty()) {
    std::string cards;
    for (const auto& workspace : mine) cards += (cards.empty() ? "" : "\n") + whole(world, caller, workspace);
    return cards;
  }
  const auto workspace = find_workspace(world, caller, name);
  if (!workspace)
    throw Error("You have no workspace \"" + name + "\". " + world.settings.prefix + " status lists yours.");
  return whole(world, caller, *workspace);
}

}  // namespace commands
