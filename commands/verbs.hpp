#pragma once
#include <functional>
#include <string>
#include <variant>

#include "commands/operation.hpp"
#include "commands/people.hpp"
#include "commands/request.hpp"

/// What a person can ask for, one verb a file; table.hpp is their index.
namespace commands {

/// Who asks, and the message with which.
struct Caller {
  storage::PersonRow person;
  Role role = Role::nobody;
  storage::InboxRow message;
};

/// Looks something up that is not in the database, and changes nothing that may not be changed twice: after a
/// crash it is asked again.
using Later = std::function<net::awaitable<std::string>()>;

/// What a message leads to at once: an answer, also one with buttons, an answer that has to be looked up, or
/// an operation to run. Decided in the transaction in which the message becomes done: reads and writes the
/// database and nothing else, and throws before it writes.
using Begin = std::variant<std::string, storage::OperationRow, Later, Message>;

Begin begin_up(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> up(Operation& op, Services& world, const Request& ask);
net::awaitable<void> undo_up(Operation& op, Services& world);

/// The row of a workspace that is not stored yet. Throws Error when that cannot be its name.
storage::WorkspaceRow new_workspace(Services& world, const storage::PersonRow& owner,
                                    const std::string& name);

/// Throws Error when the caller, or all together, have made as many servers as they may in an hour.
void check_rate(Services& world, const Caller& caller);

Begin begin_down(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> down(Operation& op, Services& world, const Request& ask);

/// `down all`, which the caller may say.
Begin begin_down_all(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> down_all(Operation& op, Services& world, const Request& ask);

Begin begin_delete(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> run_delete(Operation& op, Services& world, const Request& ask);
Begin undelete(Services& world, const Caller& caller, const Request& ask);
Begin audit(Services& world, const Caller& caller, const Request& ask);

Begin begin_rebuild(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> rebuild(Operation& op, Services& world, const Request& ask);
Begin begin_resize(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> resize(Operation& op, Services& world, const Request& ask);
Begin begin_grow(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> grow(Operation& op, Services& world, const Request& ask);

Begin begin_key(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> run_key(Operation& op, Services& world, const Request& ask);
net::awaitable<void> undo_key(Operation& op, Services& world);

Begin open(Services& world, const Caller& caller, const Request& ask);
Begin ssh(Services& world, const Caller& caller, const Request& ask);
Begin logs(Services& world, const Caller& caller, const Request& ask);
Begin timezone(Services& world, const Caller& caller, const Request& ask);
Begin schedule(Services& world, const Caller& caller, const Request& ask);
Begin quiet(Services& world, const Caller& caller, const Request& ask);

Begin extend(Services& world, const Caller& caller, const Request& ask);
Begin keep(Services& world, const Caller& caller, const Request& ask);
Begin snooze(Services& world, const Caller& caller, const Request& ask);
Begin why(Services& world, const Caller& caller, const Request& ask);

Begin status(Services& world, const Caller& caller, const Request& ask);
Begin help(Services& world, const Caller& caller, const Request& ask);
Begin begin_orphans(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> clean_orphans(Operation& op, Services& world, const Request& ask);
Begin begin_adopt(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> adopt(Operation& op, Services& world, const Request& ask);

Begin cost(Services& world, const Caller& caller, const Request& ask);
Begin types(Services& world, const Caller& caller, const Request& ask);
Begin begin_images(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> prune_images(Operation& op, Services& world, const Request& ask);
Begin watch(Services& world, const Caller& caller, const Request& ask);
Begin share(Services& world, const Caller& caller, const Request& ask);
Begin unshare(Services& world, const Caller& caller, const Request& ask);
Begin request(Services& world, const Caller& caller, const Request& ask);
Begin approve(Services& world, const Caller& caller, const Request& ask);
Begin deny(Services& world, const Caller& caller, const Request& ask);
Begin begin_role(Services& world, const Caller& caller, const Request& ask);
net::awaitable<void> run_role(Operation& op, Services& world, const Request& ask);

Begin yes(Services& world, const Caller& caller, const Request& ask);
Begin no(Services& world, const Caller& caller, const Request& ask);
Begin cancel(Services& world, const Caller& caller, const Request& ask);

/// The row of an operation that this message starts.
storage::OperationRow operation_of(Services& world, const Caller& caller, const Request& ask,
                                   std::int64_t workspace);
/// "alice: boot, about 40 s left".
std::string progress_of(Services& world, const storage::OperationRow& operation);
/// "alice: `up` is running. Say it again when that has ended."
std::string busy_text(Services& world, const storage::OperationRow& operation);
bool is_cancelled(Services& world, const storage::OperationRow& operation);
/// Stops an operation at its next step; `why` finishes the sentence "It was stopped: …".
void cancel_operation(Services& world, const storage::OperationRow& operation, const std::string& why);

}  // namespace commands
