#include "commands/unasked.hpp"

#include "commands/printable.hpp"

namespace commands {

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
