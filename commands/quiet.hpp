#pragma once
#include "commands/calendar.hpp"
#include "commands/services.hpp"

namespace commands {

/// The hours in which a person gets no reminders: the own ones (`quiet`), else those of [policy] quiet.
/// nullopt = there are none.
std::optional<Hours> quiet_hours(const Services& world, const storage::PersonRow& person);

/// Whether reminders for this person are silent at `time`, in the person's zone. Stops are not.
bool is_quiet(const Services& world, const storage::PersonRow& person, net::Time time);

/// When it is quiet no more; `time` itself when it is not quiet. Quiet hours of 0-24 go on then.
net::Time quiet_until(const Services& world, const storage::PersonRow& person, net::Time time);

}  // namespace commands
