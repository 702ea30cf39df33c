#include "commands/verbs.hpp"

namespace commands {

storage::OperationRow operation_of(Services& world, const Caller& caller, const Request& ask,
                                   std::int64_t workspace) {
  storage::OperationRow row;
  row.origin = caller.message.key;
  row.id = storage::operation_id(row.origin);
  row.verb = ask.verb;
  row.request = ask;
  row.workspace = workspace;
  row.actor = caller.person.id;
  row.chat = caller.message.chat;
  row.room = caller.message.room;
  row.thread = caller.message.thread;
  row.created = world.clock.now();
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

bool is_cancelled(Services& world, const storage::OperationRow& operation) {
  return !world.storage.journal.notes(operation.id, "cancel").empty();
}

void cancel_operation(Services& world, const storage::OperationRow& operation, const std::string& why) {
  world.storage.journal.note(operation.id, "cancel", why);
  world.changed.notify();
}

}  // namespace commands
