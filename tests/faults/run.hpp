#pragma once
#include "tests/faults/fault.hpp"
#include "tests/faults/scenario.hpp"
#include "tests/faults/stage.hpp"
#include "tests/faults/verdict.hpp"

namespace faults {

/// Says what prepares the scenario, undisturbed, and leaves the state behind.
void prepare(const Scenario& scenario, Stage& stage);
/// The undisturbed run, with everything counted.
CleanRun run_clean(const Scenario& scenario, Stage& stage);
/// A disturbed run, judged.
Verdict run_disturbed(const Scenario& scenario, Stage& stage, const CleanRun& clean, const Fault& fault);

}  // namespace faults
