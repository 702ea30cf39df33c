#include "commands/verbs.hpp"

#include "commands/unasked.hpp"

namespace commands {

storage::OperationRow operation_of(Services& world, const Caller& caller, const Request& ask,
                                   std::int64_t workspace) {
  const Place place{caller.message.chat, caller.message.room, caller.message.thread};
  auto row = operation_from(world, caller.message.key, ask.verb, workspace, caller.person.id, place);
  row.request = ask;
  return row;
}

std::string progress_of(Services& world, const storage::OperationRow& operation) {
  const auto workspace = world.storage.workspaces.find(operation.workspace);
  const auto name = workspace ? workspace->hostname : operation.verb;
  if (operation.state == "queued") return name + ": `" + operation.verb + "` waits for what runs before it";
  if (operation.state == "waiting") return name + ": `" + operation.verb + "` waits for an answer";
  if (operation.state == "undoing")
    return name + ": what `" + operation.verb + "` made is being taken away again";
  const auto times = world.storage.journal.step_times(operation.id);
  return name + ": `" + operation.verb + "` is running" +
         (times.empty() ? "" : ", \"" + times.back().first + "\" is done");
}

std::string busy_text(Services& world, const storage::OperationRow& operation) {
  return progress_of(world, operation) + ". Say it again when that has ended.";
}

bool is_cancelled(Services& world, const storage::OperationRow& operation) {
  return !world.storage.journal.notes(operation.id, "cancel").empty();
}

void cancel_operation(Services& world, const storage::OperationRow& operation, const std::string& why) {
  world.storage.journal.note(operation.id, "cancel", why);
  world.changed.notify();
}

}  // namespace commands
