#pragma once
#include <cstdint>
#include <set>

#include "tests/faults/schedule.hpp"
#include "tests/faults/stage.hpp"
#include "tests/faults/verdict.hpp"

namespace faults {

/// What happened that the reckoning has to know of.
struct Played {
  std::set<std::int64_t> taken_away;  ///< servers that somebody outside deleted
};

/// Plays the schedule, lifts all faults, lets everybody say `down` until nothing runs, and reckons up.
Verdict run_schedule(Stage& stage, const Schedule& schedule);

/// What must hold at the end, of the world that is left and of the bot's database; the bot has ended, the
/// simulators still answer.
void reckon(Verdict& verdict, Stage& stage, const Played& played);

}  // namespace faults
