#pragma once
#include "commands/verbs.hpp"

namespace commands {

/// The server of the workspace that is named, or of the caller's only one, once it can be reached. Throws
/// Error with the sentence to answer: it is down, is coming up or going down, never joined, or is nobody's.
storage::SessionRow running_session(Services& world, const Caller& caller, const Request& ask);

/// The server that the reminder is about whose button the caller pressed; nullopt = no such button. Throws
/// Error when that server is gone, or not the caller's to do that with.
std::optional<storage::SessionRow> pressed(Services& world, const Caller& caller, const Request& ask);

/// Throws Error when an operation of the workspace has not ended: another one would wait for ever, or for
/// what nobody expects.
void check_rest(Services& world, const storage::WorkspaceRow& workspace);

/// The `up` that comes after the operation that is at work, and was not cancelled; nullopt = none.
std::optional<storage::OperationRow> find_next_up(Services& world, std::int64_t workspace);

/// The workspace that is named by the only word, as find_workspace finds it; throws Error when there is none.
storage::WorkspaceRow workspace_of(Services& world, const Caller& caller, const Request& ask);

}  // namespace commands
