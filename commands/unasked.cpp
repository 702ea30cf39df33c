#include "commands/unasked.hpp"

#include "commands/printable.hpp"

namespace commands {

storage::OperationRow operation_from(Services& world, const std::string& origin, const std::string& verb,
                                     std::int64_t workspace, std::int64_t actor, const Place& place) {
  storage::OperationRow row;
  row.origin = origin;
  row.id = storage::operation_id(origin);
  row.verb = verb;
  row.workspace = workspace;
  row.actor = actor;
  row.chat = place.chat;
  row.room = place.room;
  row.thread = place.thread;
  row.created = world.clock.now();
  return row;
}

bool add_unasked(Services& world, const storage::OperationRow& operation, const std::string& command,
                 const std::string& result) {
  bool is_new = false;
  world.storage.database.write(storage::Commit::full, [&] {
    is_new = world.storage.journal.add(operation);
    if (!is_new) return;
    storage::AuditRow audit;
    audit.at = operation.created;
    audit.person = operation.actor;
    audit.chat = operation.chat;
    audit.room = operation.room;
    audit.command = command;
    audit.operation = operation.id;
    audit.result = result;
    world.storage.audit.add(audit);
  });
  return is_new;
}

void record(Services& world, const Caller& caller, const std::string& result) {
  storage::AuditRow audit;
  audit.at = world.clock.now();
  audit.person = caller.person.id;
  audit.chat = caller.message.chat;
  audit.room = caller.message.room;
  audit.command = printable(caller.message.text);
  audit.result = result;
  world.storage.audit.add(audit);
}

}  // namespace commands
