#pragma once
#include <string>

#include "commands/verbs.hpp"

/// The one place that writes the audit: who, where, what, and what came of it.
namespace commands {

/// Of a message: what it changed, or why it was refused.
void record(Services& world, const storage::InboxRow& message, const std::string& result);
/// Of a message that may change something: the first line of what is answered, or the operation that it
/// begins. What is only looked up is not in it.
void record(Services& world, const storage::InboxRow& message, const Begin& begun);

/// Of an operation that nobody asked for, as it begins.
void record(Services& world, const storage::OperationRow& operation, const std::string& command,
            const std::string& result);

/// Of an operation at its end, with what the server has cost that it has taken down or, when it failed, made.
void record_end(Services& world, const storage::OperationRow& operation, const std::string& result);

/// Of the bot itself, in no room and nobody's name.
void record_own(Services& world, const std::string& command, const std::string& result);

}  // namespace commands
