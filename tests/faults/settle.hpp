#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "tests/faults/fault.hpp"
#include "tests/faults/scenario.hpp"
#include "tests/faults/stage.hpp"
#include "tests/faults/verdict.hpp"

/// What every run does with its stage, however it is disturbed.
namespace faults {

constexpr auto longest_run = std::chrono::seconds(20);
constexpr auto beat = std::chrono::milliseconds(15);

/// Simulators, behaviour of the machines and stock of the scenario.
void set_stage(const Scenario& scenario, Stage& stage);
/// The line is said before the bot is there: it must not be missed.
void begin(Stage& stage, const std::string& line, const std::string& room = "room",
           const std::string& sender = "console:alice");
/// What was said, without times of day and ages.
Replies replies_of(const Room& room);

struct Meanwhile {
  std::function<void()> at_end = [] {};   ///< the bot has ended and is not started again yet
  std::function<void()> at_beat = [] {};  ///< every few milliseconds
};
/// Until all is said and done, starting the bot again when it has ended; false when that takes too long.
/// `ends` are the statuses with which it did.
bool settle(Stage& stage, std::vector<int>& ends, const Meanwhile& meanwhile = {});

bool kills(const Fault& fault);
Service& service_of(const Fault& fault, Stage& stage);
/// Returns the id of the simulator's fault.
int place_plan(Service& service, nlohmann::json plan, const Stage& stage);
void lift_faults(Stage& stage);
/// The one end that is meant is the driver's own SIGKILL.
void judge_ends(Verdict& verdict, const Fault& fault, const std::vector<int>& ends);

}  // namespace faults
