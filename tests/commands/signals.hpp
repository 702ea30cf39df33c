#pragma once
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/activity.hpp"

namespace commands::test {

using namespace std::chrono_literals;

/// 2026-11-25 09:00 UTC, when the server was made.
inline const net::Time made = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 9h;

/// A report of a machine that nobody uses, with these members of a JSON object in it, too.
inline nlohmann::json signalled(const std::string& members = "") {
  auto report = nlohmann::json::parse(R"({"logins":[],"cpu":0.01,"io":0,"jobs":[],"leases":[]})");
  if (!members.empty()) report.update(nlohmann::json::parse("{" + members + "}"));
  return report;
}

/// An agent's lease: whole seconds of the workspace's clock.
inline nlohmann::json lease_until(net::Time until) {
  const auto second = std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count();
  return {{"id", "keep"}, {"until", second}};
}

}  // namespace commands::test
