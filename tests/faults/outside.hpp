#pragma once
#include "tests/faults/fault.hpp"
#include "tests/faults/scenario.hpp"
#include "tests/faults/stage.hpp"
#include "tests/faults/verdict.hpp"

namespace faults {

/// Every moment at which somebody outside may meet the server: each request while there is one, held before
/// its effect, and cut off there together with the bot's life; and when all is done.
std::vector<Fault> outside_faults_of(const Scenario& scenario, const CleanRun& clean, int& boundaries);

/// The run in which `scenario.outside` happens to the server at that moment, and what is said afterwards: the
/// operation ends with one message that is true, nothing is left that nobody knows, and the next line works.
Verdict run_outside(const Scenario& scenario, Stage& stage, const CleanRun& clean, const Fault& fault);

}  // namespace faults
