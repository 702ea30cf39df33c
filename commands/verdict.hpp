#pragma once
#include <optional>
#include <string>
#include <vector>

#include "commands/activity.hpp"
#include "commands/settings.hpp"

/// Whether a workspace is in use, and when it is reminded and stopped. Pure: no clock, no database.
namespace commands {

/// Ascending by how much it speaks against a stop.
enum class Use { idle, connected, work, human, unknown };

const char* name_of(Use use);
/// By somebody, or by work that somebody has left there.
constexpr bool is_used(Use use) { return use == Use::work || use == Use::human; }

/// Hetzner bills every started one.
constexpr net::Duration paid_hour = std::chrono::hours(1);

/// What the workspace stands under besides its own activity.
struct Standing {
  net::Time created;                ///< the server, which is billed from then on
  std::optional<net::Time> keep;    ///< a person's lease
  std::optional<net::Time> extend;  ///< no stop before
  /// Stops then, and not before (`up … until`), but for a lease, `extend` and `moved`.
  std::optional<net::Time> until;
  /// The end of its working hours: stops then at the latest, but for the same.
  std::optional<net::Time> closing;
  std::optional<net::Time> moved;  ///< a stop that nobody answered was put off to then
};

/// A line of `why`.
struct Reason {
  std::string signal;           ///< "keyboard", "jobs"
  std::string value;            ///< "keystroke on pts/0"
  std::optional<net::Time> at;  ///< when that was; nullopt = never, or it has no age
  Use use = Use::idle;          ///< the class it speaks for
};

/// Why a stop is due.
enum class Cause { idle, until, closing, cap };

struct Verdict {
  Use use = Use::unknown;
  net::Time episode;                ///< names this stretch of idleness: the same by each of its reports
  net::Time idle_since;             ///< later than now while a lease or the grace of an open tab lasts
  std::optional<net::Time> remind;  ///< when the owner is told that it is idle; none = it is no idle stop
  net::Time warn;                   ///< when the question goes out that has the stop in it
  net::Time silent;                 ///< unknown from then on, if it is not heard of before
  net::Time stop;                   ///< not while `use` is unknown, but for the cap
  Cause cause = Cause::idle;
};

/// When a server of then is stopped whatever is said or seen: `hard_cap` later, and before that where it is
/// the end of an hour, or so near to one that another would be paid for its first minutes.
net::Time cap_of(net::Time created, net::Duration hard_cap);

/// The first instant that is not before `time` and five minutes before the end of an hour that is billed from
/// `created` on.
net::Time before_paid_hour(net::Time created, net::Time time);

/// Cheap, for it is asked of every workspace each minute.
/// Monotonous: what is seen later, or said by a person to keep it up, never makes the stop earlier, within
/// the cap; silence makes it no earlier than the cap.
Verdict judge(const Activity& activity, const Standing& standing, const IdlePolicy& policy, net::Time now);

/// What `judge` went by, for people to read.
std::vector<Reason> reasons_of(const Activity& activity, const Standing& standing, net::Time now);

}  // namespace commands
