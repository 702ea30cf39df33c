#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace faults {

/// What happens at a moment of a schedule. `what`: "say" {sender, room, text} · "fault" {service, plan;
/// "kill": true stands for the bot's process id} · "kill" {pause_ms} · "stock" · "outside" {act, which} ·
/// "behaviour" {which: -1 = of machines to come; change}.
struct Moment {
  int at_ms = 0;
  std::string what;
  nlohmann::json with;
};

/// Several people at once and all kinds of faults, decided by nothing but the seed.
struct Schedule {
  std::uint64_t seed = 0;
  std::string chat = "control";         ///< or "matrix", one in three
  std::vector<std::string> people;      ///< senders
  std::vector<std::string> workspaces;  ///< the names that may be said, "main" among them
  std::vector<Moment> moments;          ///< in the order of time
};
Schedule schedule_of(std::uint64_t seed);

}  // namespace faults
