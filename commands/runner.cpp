#include "commands/runner.hpp"

#include <spdlog/spdlog.h>

#include "commands/grammar.hpp"
#include "commands/permission.hpp"
#include "commands/record.hpp"
#include "commands/sentence.hpp"
#include "commands/table.hpp"
#include "net/backoff.hpp"
#include "net/spawn.hpp"

namespace commands {
namespace {

constexpr net::Duration last_retry = std::chrono::seconds(30);

}  // namespace

void Runner::recover() {
  std::set<std::int64_t> workspaces;
  for (const auto& operation : world_.storage.journal.unfinished()) {
    if (operation.workspace == 0) {
      begin(operation, true);
    } else if (workspaces.insert(operation.workspace).second) {
      start_next(operation.workspace, true);
    }
  }
}

void Runner::start(const std::string& id) {
  const auto operation = world_.storage.journal.find(id);
  if (!operation) return;
  // What belongs to no workspace waits for nothing.
  if (operation->workspace == 0) return begin(*operation, false);
  start_next(operation->workspace, false);
}

void Runner::start_next(std::int64_t workspace, bool is_recovery) {
  const auto waiting = world_.storage.journal.unfinished_of(workspace);
  if (!waiting.empty()) begin(waiting.front(), is_recovery);
}

void Runner::begin(const storage::OperationRow& operation, bool is_recovery) {
  const auto& id = operation.id;
  if (!running_.insert(id).second) return;
  net::spawn(world_.executor, "operation " + id, run(id, is_recovery && operation.state != "queued"));
}

net::awaitable<void> Runner::run(std::string id, bool resumed) {
  const auto row = world_.storage.journal.find(id).value();
  Operation op(world_, row, resumed);
  op.on_ask = [&] { on_pause(id); };
  if (row.state != "undoing") co_await perform(op);
  const auto* command = find_command(row.verb);
  const bool has_failed = !op.last_note("failure").empty();
  if (has_failed && command && command->undo) co_await undo(op);
  conclude(op);
  running_.erase(id);
  on_pause(id);
  if (row.workspace != 0) start_next(row.workspace, false);
  for (const auto& added : world_.storage.journal.added_by(id)) start(added.id);
}

/// The body; how it ended badly is a note, so that whoever comes after a crash knows it, too.
net::awaitable<void> Runner::perform(Operation& op) {
  const auto* command = find_command(op.row().verb);
  const auto request = op.row().request.get<Request>();
  if (op.row().state == "queued") world_.storage.journal.set_state(op.id(), "running");
  std::exception_ptr failure;
  try {
    if (!command || !command->run)
      throw Error("this version of the bot does not know `" + op.row().verb + "`.");
    // What has changed something goes on to its end or its undo, whatever its asker may do by now.
    if (!op.has_effects()) check_still_may(world_, op.row());
    co_await command->run(op, world_, request);
    co_return;
  } catch (...) {
    failure = std::current_exception();
  }
  if (ends_the_process(failure)) std::rethrow_exception(failure);
  world_.storage.database.write(storage::Commit::full, [&] {
    if (leaves_outcome_unknown(failure)) op.note("unknown outcome", "yes");
    if (is_sold_out(failure)) op.note("sold out", "yes");
    op.note("failure", sentence(failure));
    if (command && command->undo) world_.storage.journal.set_state(op.id(), "undoing");
  });
}

/// Until it is clean, for as long as that takes; after the watch the person is told that it is not.
net::awaitable<void> Runner::undo(Operation& op) {
  const auto* command = find_command(op.row().verb);
  const auto& limits = world_.settings.limits;
  const auto told_at = world_.clock.now() + limits.undo_watch;
  net::Backoff backoff(world_.random, limits.retry, last_retry);
  for (;;) {
    std::exception_ptr failure;
    try {
      co_await command->undo(op, world_);
      co_return;
    } catch (...) {
      failure = std::current_exception();
    }
    if (ends_the_process(failure)) std::rethrow_exception(failure);
    const auto why = sentence(failure);
    spdlog::warn("operation {} cannot be undone yet: {}", op.id(), why);
    if (world_.clock.now() >= told_at)
      op.say("undo is late", "! What `" + op.row().verb + "` made could not be taken away yet: " + why +
                                 " It may be billed until then; I keep trying.");
    const auto pause = backoff.next();
    co_await world_.clock.sleep_for(pause);
  }
}

void Runner::conclude(Operation& op) {
  const auto why = op.last_note("failure");
  const bool is_cancelled = !why.empty() && op.is_cancelled();
  const auto outcome = op.last_note("outcome");
  const auto* command = find_command(op.row().verb);
  world_.storage.database.write(storage::Commit::full, [&] {
    if (!why.empty() && !(command && command->undo))
      op.say("failed", "✗ `" + option_or(op.row().request.get<Request>(), "turn", op.row().verb) +
                           "` has not been done: " + why);
    world_.storage.journal.finish(op.id(),
                                  why.empty()    ? "done"
                                  : is_cancelled ? "cancelled"
                                                 : "failed",
                                  why, world_.clock.now());
    record_end(world_, op.row(), !why.empty() ? why : outcome.empty() ? "done" : outcome);
  });
  world_.voice.settled(op.id() + "/plan");
}

}  // namespace commands
