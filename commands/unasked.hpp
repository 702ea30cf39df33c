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

/// A line of the audit for what a message changed without an operation.
void record(Services& world, const Caller& caller, const std::string& result);

}  // namespace commands
