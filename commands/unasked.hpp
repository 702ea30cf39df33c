#pragma once
#include <string>

#include "commands/post.hpp"
#include "commands/verbs.hpp"

namespace commands {

/// The row of an operation as it begins, told at `place`; `origin` makes its id, and one origin is one
/// operation.
storage::OperationRow operation_from(Services& world, const std::string& origin, const std::string& verb,
                                     std::int64_t workspace, std::int64_t actor, const Place& place);

/// Writes an operation that begins by itself and its line of the audit, `command` and `result`, in one
/// transaction; false, and nothing, when one of its origin is known. Whoever calls starts it.
bool add_unasked(Services& world, const storage::OperationRow& operation, const std::string& command,
                 const std::string& result);

/// Writes an operation that follows when `op` has ended, in its asker's name; those of one workspace in the
/// order in which they are added. Done twice it is done once.
void add_turn(Services& world, const Operation& op, const storage::WorkspaceRow& workspace,
              const Request& ask);
/// Whether that was done, by this process or one before it, whatever has become of it.
bool has_turn(Services& world, const Operation& op, const storage::WorkspaceRow& workspace,
              const std::string& verb);

}  // namespace commands
