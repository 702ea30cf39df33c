#include "tests/bench/judging.hpp"

#include <fmt/format.h>

#include <ctime>
#include <functional>

#include "commands/verdict.hpp"

namespace bench {
namespace {

using namespace std::chrono_literals;
using commands::Activity;
using nlohmann::json;

constexpr int judged_workspaces = 10'000;
const net::Time judging_begins = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 9h;

/// Of somebody at work; the fifth builds, every other has left.
json report_of(int number) {
  auto report = json::parse(R"({"v":1,"stage":"ready","state":"ok","ready":true,"boot_id":"b",
    "logins":[{"tty":"pts/0","idle":7},{"tty":"pts/1","idle":900}],"tmux_idle":30,"cpu":0.15,"io":20000,
    "editor":{"bytes":5000},"jobs":[],"leases":[],"disk":12,"memory":23,"dirty":["app","lib"]})");
  if (number % 5 == 0) report["jobs"] = {"make", "ninja"};
  if (number % 5 == 0) report["leases"].push_back({{"id", "make-17"}, {"until", 1795597200}});
  if (number % 2 == 0) report["logins"][0]["idle"] = 2700;
  return report;
}

/// Milliseconds of processor.
std::string processor_of(const std::function<void()>& work) {
  const auto before = std::clock();
  work();
  return fmt::format("{:.1f} ms of processor",
                     1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
}

}  // namespace

void judging(Table& table) {
  const auto at = judging_begins + 2h;
  std::vector<Activity> all;
  for (int number = 0; number < judged_workspaces; ++number)
    all.push_back(commands::with_report(commands::unheard(judging_begins), report_of(number), at - 1min));
  commands::Standing standing;
  standing.created = judging_begins;
  net::Duration sum{};
  const auto judged = processor_of([&] {
    for (const auto& activity : all) sum += commands::judge(activity, standing, {}, at).stop - judging_begins;
  });
  if (sum <= net::Duration::zero()) throw std::runtime_error("nothing was judged");
  table.row(fmt::format("judging {:L} workspaces", judged_workspaces), judged, "100 ms");
  const auto folded = processor_of([&] {
    for (int number = 0; number < judged_workspaces; ++number) {
      auto& activity = all[static_cast<std::size_t>(number)];
      activity = commands::with_report(json(activity).get<Activity>(), report_of(number), at);
    }
  });
  table.row(fmt::format("taking a report of each", judged_workspaces), folded);
}

}  // namespace bench
