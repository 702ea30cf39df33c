#include "commands/due.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "commands/card.hpp"
#include "commands/grammar.hpp"
#include "commands/idle.hpp"
#include "commands/times.hpp"
#include "commands/unasked.hpp"

namespace commands {
namespace {

using storage::DeadlineRow;
using storage::OperationRow;

/// Of the server that runs now; its id in the origin keeps the same deadline from stopping another one.
std::optional<OperationRow> begin_due_down(Services& world, const DeadlineRow& deadline) {
  const auto session = world.storage.sessions.current(deadline.workspace);
  if (!session) return std::nullopt;
  const auto before = world.storage.journal.unfinished_of(deadline.workspace);
  if (!before.empty() && before.back().verb == "down") return std::nullopt;
  const auto origin = "down:" + std::to_string(deadline.workspace) + ":" +
                      std::to_string(session->server_id) + ":" + std::to_string(storage::to_ms(deadline.at));
  auto row = operation_from(world, origin, "down", deadline.workspace, deadline.person,
                            {deadline.chat, deadline.room, deadline.thread});
  row.request = parse(deadline.by);
  return row;
}

struct Kind {
  std::string_view name;
  std::optional<OperationRow> (*begin)(Services&, const DeadlineRow&);
};

constexpr std::array kinds = {Kind{"down", begin_due_down}};

}  // namespace

std::optional<OperationRow> begin_due(Services& world, const DeadlineRow& deadline) {
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return one.name == deadline.kind; });
  if (kind == kinds.end()) {
    spdlog::warn("a deadline of a kind that this version does not know is dropped: {}", deadline.kind);
    return std::nullopt;
  }
  return kind->begin(world, deadline);
}

std::optional<net::Time> goes_down_at(Services& world, std::int64_t workspace) {
  const auto deadline = world.storage.deadlines.find(workspace, "down");
  if (!deadline) return std::nullopt;
  return deadline->at;
}

std::string stop_text(Services& world, const storage::WorkspaceRow& workspace) {
  const auto at = goes_down_at(world, workspace.id);
  const auto session = world.storage.sessions.current(workspace.id);
  const auto standing = session ? world.storage.holds.standing(session->server_id) : std::nullopt;
  const bool stops_before = standing && (!at || verdict_of(world, *standing).stop < *at);
  if (stops_before) return end_text(world, session->server_id);
  if (!at) return usual_end(world);
  return "stops at " + clock_text(*at, world.clock.now(), zone_of(world, workspace));
}

}  // namespace commands
