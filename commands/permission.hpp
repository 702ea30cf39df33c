#pragma once
#include <optional>
#include <string>

#include "commands/table.hpp"

/// The one place that decides who may do what, where.
namespace commands {

/// Whose a workspace is to somebody; or all of them at once.
enum class Bond { own, shared, foreign, all };

Bond bond_of(Services& world, const storage::PersonRow& person, const storage::WorkspaceRow& workspace);

/// What an operation is about to somebody; nullopt = no workspace in particular.
std::optional<Bond> bond_of(Services& world, const storage::PersonRow& person,
                            const storage::OperationRow& operation);

/// Why the caller may not do this where it is said, the sentence to answer; "" = allowed. `bond`: to the
/// workspace it is about; nullopt = about none in particular.
std::string why_not(Services& world, const Caller& caller, const Command& command,
                    std::optional<Bond> bond = std::nullopt);
/// Throws Error with that sentence.
void check_may(Services& world, const Caller& caller, const Command& command,
               const storage::WorkspaceRow& workspace);

/// The same for an operation whose time has come or that goes on after a restart, for whoever began it:
/// throws Error when that person would not be allowed to begin it any more. What the bot stops by itself is
/// nobody's to lose.
void check_still_may(Services& world, const storage::OperationRow& operation);

/// Throws Error when a button was pressed that was put under a message to somebody else. Questions,
/// reminders and requests say themselves who may answer.
void check_pressed(Services& world, const Caller& caller);

/// Whether a command may be followed by @user: it reaches workspaces, or is about people.
bool takes_person(const Command& command);

}  // namespace commands
