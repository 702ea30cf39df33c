#include "commands/unasked.hpp"

#include "commands/record.hpp"

namespace commands {
namespace {

std::string origin_of_turn(const Operation& op, const storage::WorkspaceRow& workspace,
                           const std::string& verb) {
  return op.id() + ":" + verb + ":" + std::to_string(workspace.id);
}

}  // namespace

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
    record(world, operation, command, result);
  });
  return is_new;
}

void add_turn(Services& world, const Operation& op, const storage::WorkspaceRow& workspace,
              const Request& ask) {
  const auto& begun = op.row();
  auto row = operation_from(world, origin_of_turn(op, workspace, ask.verb), ask.verb, workspace.id,
                            begun.actor, {begun.chat, begun.room, begun.thread});
  row.request = ask;
  add_unasked(world, row, ask.verb + " " + workspace.hostname, "begun by `" + begun.verb + "`");
}

bool has_turn(Services& world, const Operation& op, const storage::WorkspaceRow& workspace,
              const std::string& verb) {
  const auto id = storage::operation_id(origin_of_turn(op, workspace, verb));
  return world.storage.journal.find(id).has_value();
}

}  // namespace commands
