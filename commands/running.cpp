#include "commands/running.hpp"

#include "commands/card.hpp"
#include "commands/permission.hpp"
#include "commands/reminder.hpp"
#include "commands/whose.hpp"

namespace commands {

std::optional<storage::SessionRow> pressed(Services& world, const Caller& caller, const Request& ask) {
  const auto id = session_of_reminder(caller.message.answer_to);
  if (!id) return std::nullopt;
  const auto session = world.storage.sessions.find(*id);
  const auto workspace = session ? world.storage.workspaces.find(session->workspace) : std::nullopt;
  if (!workspace || session->ended)
    throw Error("That reminder was about a server that is gone. Nothing was done.");
  check_may(world, caller, *find_command(ask.verb), *workspace);
  return session;
}

void check_rest(Services& world, const storage::WorkspaceRow& workspace) {
  const auto before = world.storage.journal.unfinished_of(workspace.id);
  if (!before.empty()) throw Error(busy_text(world, before.front()));
}

std::optional<storage::OperationRow> find_next_up(Services& world, std::int64_t workspace) {
  const auto operations = world.storage.journal.unfinished_of(workspace);
  if (operations.size() < 2 || operations[1].verb != "up" || is_cancelled(world, operations[1]))
    return std::nullopt;
  return operations[1];
}

storage::WorkspaceRow workspace_of(Services& world, const Caller& caller, const Request& ask) {
  if (const auto session = pressed(world, caller, ask))
    return world.storage.workspaces.find(session->workspace).value();
  if (ask.words.size() > 1) throw Error("`" + ask.verb + "` takes one workspace. Nothing was done.");
  const auto name = ask.words.empty() ? "" : ask.words.front();
  const auto workspace = find_workspace(world, caller, ask, name);
  if (!workspace) throw Error(no_workspace(world, caller, ask, name));
  return *workspace;
}

storage::SessionRow running_session(Services& world, const Caller& caller, const Request& ask) {
  const auto workspace = workspace_of(world, caller, ask);
  const auto operations = world.storage.journal.unfinished_of(workspace.id);
  const auto session = world.storage.sessions.current(workspace.id);
  if (!operations.empty()) throw Error(progress_of(world, operations.front()) + ".");
  if (!session)
    throw Error(workspace.hostname + " is down. " + line_for(world, workspace, "up", caller.person.id) +
                " brings it back.");
  if (session->node_name.empty())
    throw Error(workspace.hostname + " has a server that never joined the tailnet. " +
                line_for(world, workspace, "down", caller.person.id) + " deletes it.");
  return *session;
}

}  // namespace commands
