#include <set>

#include "commands/card.hpp"
#include "commands/idle.hpp"
#include "commands/ledger.hpp"
#include "commands/names.hpp"
#include "commands/permission.hpp"
#include "commands/times.hpp"
#include "commands/unasked.hpp"

/// `down all`: everybody's workspaces, after a preview; each goes down by an operation of its own, as careful
/// as when a person says it.
namespace commands {
namespace {

struct Ending {
  std::int64_t server = 0;
  std::int64_t workspace = 0;
  std::string line;  ///< "alice · alice · cpx32 · up for 3 h · €0.17 so far · idle since 17:03, …"
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Ending, server, workspace, line)
};

struct Endings {
  std::vector<Ending> all;
  std::vector<std::string> busy;  ///< where something is at work: "bob: `up` is running. Say it again …"
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Endings, all, busy)
};

Ending ending_of(Services& world, const storage::SessionRow& session) {
  const auto now = world.clock.now();
  const auto workspace = world.storage.workspaces.find(session.workspace).value();
  const auto owner = world.storage.people.find(workspace.owner).value();
  const auto end = end_text(world, session.server_id);
  return {session.server_id, workspace.id,
          workspace.hostname + " · " + short_name(owner) + " · " + session.type + " · up for " +
              span_text(now - session.created) + " · " +
              hetzner::with_currency(cost_of(session, now), session.currency, 2) + " so far" +
              (end.empty() ? "" : " · " + end)};
}

net::awaitable<Endings> find_running(Services& world) {
  Endings found;
  std::set<std::int64_t> busy;
  for (const auto& operation : world.storage.journal.unfinished()) {
    if (operation.workspace == 0 || !busy.insert(operation.workspace).second) continue;
    found.busy.push_back(busy_text(world, operation));
  }
  for (const auto& session : world.storage.sessions.running())
    if (!busy.contains(session.workspace)) found.all.push_back(ending_of(world, session));
  co_return found;
}

std::string lines_of(const std::vector<Ending>& all) {
  std::string text;
  for (const auto& one : all) text += "\n  " + one.line;
  return text;
}

std::string lines_of(const std::vector<std::string>& busy) {
  std::string text;
  for (const auto& one : busy) text += "\n  left alone: " + one;
  return text;
}

/// Those that still run and at which nothing else is at work.
net::awaitable<std::vector<Ending>> take_all_down(const Operation& op, Services& world, const Request& ask,
                                                  const std::vector<Ending>& all) {
  std::vector<Ending> begun;
  world.storage.database.write(storage::Commit::full, [&] {
    begun.clear();
    for (const auto& one : all) {
      const auto session = world.storage.sessions.current(one.workspace);
      const bool is_idle = world.storage.journal.unfinished_of(one.workspace).empty();
      const bool is_there = session && session->server_id == one.server && is_idle;
      const auto workspace = world.storage.workspaces.find(one.workspace).value();
      Request down;
      down.verb = "down";
      if (ask.flags.contains("force")) down.flags.insert("force");
      if (is_there) add_turn(world, op, workspace, down);
      // Also by a process before this one, which came no further.
      if (has_turn(world, op, workspace, down.verb)) begun.push_back(one);
    }
  });
  co_return begun;
}

std::string count_of(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " workspace" : " workspaces");
}

}  // namespace

net::awaitable<void> down_all(Operation& op, Services& world, const Request& ask) {
  auto found = co_await op.look("find all", [&] { return find_running(world); });
  if (found.all.empty()) {
    op.say("taken",
           (found.busy.empty() ? "✓ Nothing runs." : "✓ Nothing was taken down.") + lines_of(found.busy));
    co_return;
  }
  const auto question = "Take " + count_of(found.all.size()) +
                        " down? Volumes and addresses stay, and each that is at work asks again" +
                        (ask.flags.contains("force") ? " – but --force cuts it off:" : ":") +
                        lines_of(found.all) + lines_of(found.busy);
  const bool agreed = co_await op.agrees("all", question);
  if (!agreed) {
    op.say("taken", "✓ Nothing was taken down.");
    co_return;
  }
  auto begun = co_await op.step("take turns", [&] { return take_all_down(op, world, ask, found.all); });
  const auto left = found.all.size() - begun.size();
  op.say("taken",
         "✓ " + count_of(begun.size()) + " of " + std::to_string(found.all.size()) +
             " will go down now:" + lines_of(begun) +
             (left == 0 ? "" : "\n  The others went down meanwhile, or something is at work there.") +
             lines_of(found.busy));
}

Begin begin_down_all(Services& world, const Caller& caller, const Request& ask) {
  if (const auto why = why_not(world, caller, *find_command("down"), Bond::all); !why.empty())
    throw NotAllowed(why);
  if (ask.options.contains("in")) throw Error("`down all` is done at once, not later. Nothing was done.");
  return operation_of(world, caller, ask, 0);
}

}  // namespace commands
