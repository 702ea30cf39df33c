#include "commands/record.hpp"

#include "commands/ledger.hpp"
#include "commands/people.hpp"
#include "commands/printable.hpp"

namespace commands {
namespace {

constexpr std::size_t longest_result = 300;

storage::AuditRow entry_of(Services& world, const storage::OperationRow& operation,
                           const std::string& command, const std::string& result) {
  storage::AuditRow row;
  row.at = world.clock.now();
  row.person = operation.actor;
  row.chat = operation.chat;
  row.room = operation.room;
  row.command = command;
  row.operation = operation.id;
  row.result = cut(result, longest_result);
  return row;
}

storage::AuditRow entry_of(Services& world, const storage::InboxRow& message, const std::string& result) {
  const auto sender = sender_named(message.sender);
  storage::AuditRow row;
  row.at = world.clock.now();
  row.person = world.storage.people.ensure(sender.platform, sender.user).id;
  row.chat = message.chat;
  row.room = message.room;
  row.command = printable(message.text);
  row.result = cut(result, longest_result);
  return row;
}

std::string first_line(const std::string& text) {
  return text.empty() ? "done" : text.substr(0, text.find('\n'));
}

}  // namespace

void record(Services& world, const storage::InboxRow& message, const std::string& result) {
  world.storage.audit.add(entry_of(world, message, result));
}

void record(Services& world, const storage::InboxRow& message, const Begin& begun) {
  if (const auto* operation = std::get_if<storage::OperationRow>(&begun)) {
    auto row = entry_of(world, message, "begun");
    row.operation = operation->id;
    return world.storage.audit.add(row);
  }
  if (const auto* text = std::get_if<std::string>(&begun)) return record(world, message, first_line(*text));
  if (const auto* answer = std::get_if<Message>(&begun)) record(world, message, first_line(answer->text));
}

void record(Services& world, const storage::OperationRow& operation, const std::string& command,
            const std::string& result) {
  world.storage.audit.add(entry_of(world, operation, command, result));
}

void record_end(Services& world, const storage::OperationRow& operation, const std::string& result) {
  const auto begun_with = world.storage.audit.command_of(operation.id);
  auto row = entry_of(world, operation, begun_with.empty() ? operation.verb : begun_with, result);
  hetzner::Money cost;
  for (const auto& session :
       world.storage.sessions.of(operation.id, operation.workspace, operation.created)) {
    cost += cost_of(session, session.ended.value_or(row.at));
    row.currency = session.currency;
  }
  row.cost = cost.raw();
  world.storage.audit.add(row);
}

void record_own(Services& world, const std::string& command, const std::string& result) {
  storage::AuditRow row;
  row.at = world.clock.now();
  row.command = command;
  row.result = result;
  world.storage.audit.add(row);
}

}  // namespace commands
