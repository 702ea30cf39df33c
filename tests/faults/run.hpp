#pragma once
#include <string>

#include "tests/faults/fault.hpp"
#include "tests/faults/scenario.hpp"
#include "tests/faults/stage.hpp"

namespace faults {

/// How a disturbed run differs from the clean one; all zero is good.
struct Verdict {
  int orphans = 0;     ///< servers, devices or usable keys that the clean run does not leave
  int duplicates = 0;  ///< a second one of what there is one of
  int lost = 0;        ///< replies that did not come
  int doubled = 0;     ///< replies that came under two keys
  int stuck = 0;       ///< it did not end
  int missed = 0;      ///< the fault did not happen, which is no fault of the bot's
  std::string what;    ///< the differences; "" = none
  [[nodiscard]] bool is_good() const { return what.empty(); }
};

/// Says what prepares the scenario, undisturbed, and leaves the state behind.
void prepare(const Scenario& scenario, Stage& stage);
/// The undisturbed run, with everything counted.
CleanRun run_clean(const Scenario& scenario, Stage& stage);
/// A disturbed run, judged.
Verdict run_disturbed(const Scenario& scenario, Stage& stage, const CleanRun& clean, const Fault& fault);

}  // namespace faults
