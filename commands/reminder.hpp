#pragma once
#include <string>

#include "commands/idle.hpp"
#include "commands/message.hpp"

/// What owners are told before a stop; pure but for reading the database.
namespace commands {

/// "idle/4711/": how the outbox keys of what is said of a server begin.
std::string reminder_key(std::int64_t session);
/// The server that a message of that key is about; nullopt = it is no reminder.
std::optional<std::int64_t> session_of_reminder(const std::string& key);

/// That it is idle, and when it stops.
Message idle_reminder(Services& world, const storage::StandingRow& row, const Verdict& verdict);
/// That it stops soon; asks where something would be cut off or is not pushed.
Message last_reminder(Services& world, const storage::StandingRow& row, const Verdict& verdict);
/// That its reports stay away, with what was measured from outside.
Message silence_notice(Services& world, const storage::StandingRow& row, const Verdict& verdict,
                       const std::optional<Reason>& measured);
/// That nobody answered, and it stops later.
Message put_off_notice(Services& world, const storage::StandingRow& row, const Verdict& verdict,
                       net::Time until);

/// "uncommitted or unpushed: app", "running: make": for which it asks; "" = nothing.
std::string at_stake(const Activity& activity, const Verdict& verdict);

}  // namespace commands
