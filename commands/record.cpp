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

/// By itself, or in place of the one who is named: "done (begun: idle since 17:03)".
std::string with_reason(const storage::AuditRow& begun, const std::string& result) {
  return begun.result == "begun" ? result : result + " (" + begun.result + ")";
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
  const auto begun = world.storage.audit.begin_of(operation.id);
  auto row = entry_of(world, operation, begun ? begun->command : operation.verb,
                      begun ? with_reason(*begun, result) : result);
  hetzner::Money cost;
  for (const auto& session :
       world.storage.sessions.ended_with(operation.id, operation.workspace, operation.created)) {
    // Each server is on one row: of what took it down, or of the `up` that came to nothing.
    if (operation.verb != "down" && session.operation != operation.id) continue;
    cost += cost_of(session, *session.ended);
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
