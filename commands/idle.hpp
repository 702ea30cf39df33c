#pragma once
#include <string>

#include "commands/services.hpp"
#include "commands/verdict.hpp"

/// What is known of a running server's use, and what of it people are told.
namespace commands {

/// All that `judge` needs of one that runs.
struct Watched {
  Activity activity;
  Standing standing;
};

/// "17:03", in the zone of its owner.
std::string at_text(Services& world, const storage::StandingRow& row, net::Time time);

Watched watched(Services& world, const storage::StandingRow& row);
Verdict verdict_of(Services& world, const storage::StandingRow& row);

/// Whether a stop of which its owner was asked in vain comes later: once, until it is used again, and not
/// past the cap.
bool may_be_put_off(const storage::StandingRow& row, const Verdict& verdict);

/// Keeps what was said of a server's end, by `person` or by the bot itself, and wakes whoever stops it.
void set_hold(Services& world, std::int64_t session, const std::string& kind, net::Time until,
              const std::string& said, std::int64_t person = 0);

storage::PersonRow owner_of(Services& world, const storage::StandingRow& row);

/// "idle since 17:03", "its working hours end", "up until 18:00": why it stops.
std::string cause_text(Services& world, const storage::StandingRow& row, const Verdict& verdict);

/// "stops when idle 60 min".
std::string usual_end(const Services& world);

/// "stops when idle 60 min", "idle since 17:03, stops at 17:55", "stops at 18:00": for its owner's card. ""
/// when it has never joined the tailnet.
std::string end_text(Services& world, std::int64_t session);

}  // namespace commands
