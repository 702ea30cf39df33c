#include <fnmatch.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "tests/faults/outside.hpp"
#include "tests/faults/play.hpp"
#include "tests/faults/pool.hpp"
#include "tests/faults/run.hpp"
#include "tests/faults/table.hpp"
#include "tests/temp_dir.hpp"

/// Disturbs every operation at every boundary, and requires that it ends as if nobody had (DESIGN, Tests).
namespace {

using namespace faults;
using nlohmann::json;

struct Options {
  std::string bot;
  std::string only;
  std::string where = "*";
  int boundary = 0;
  int every = 1;
  std::size_t at_once = 10;
  bool expect_caught = false;
  bool verbose = false;
  int schedules = 0;
  std::uint64_t seed = 1;
};

/// Enough for the runs of a moment and for some kept ones.
constexpr std::uintmax_t room_wanted = 256 * 1024 * 1024;

/// SIGKILL loses nothing that was written, so nothing has to reach a disk, which is most of a run's time.
void prefer_memory() {
  const std::string memory = "/dev/shm";
  std::error_code failure;
  const auto space = std::filesystem::space(memory, failure);
  if (!failure && space.available >= room_wanted && ::access(memory.c_str(), W_OK) == 0)
    ::setenv("TMPDIR", memory.c_str(), 0);
}

/// 127.A.B.C with three digits each.
std::string address(int number) {
  constexpr int values = 154;
  const auto part = [&](int divisor) { return std::to_string(101 + number / divisor % values); };
  return "127." + part(values * values) + "." + part(values) + "." + part(1);
}

class Driver {
 public:
  Driver(const Options& options, const Binaries& binaries, const std::string& directory)
      : options_(options), binaries_(binaries), directory_(directory) {}

  Total disturb(const Scenario& scenario) {
    const auto started = std::chrono::steady_clock::now();
    const std::string folder = directory_ + "/" + std::to_string(++scenarios_);
    Stage prepared(binaries_, folder + "/prepared", address(next_address_++), scenario.chat);
    prepare(scenario, prepared);
    Stage undisturbed(binaries_, folder + "/clean", address(next_address_++), scenario.chat);
    undisturbed.copy_from(prepared);
    const auto clean_from = std::chrono::steady_clock::now();
    const auto clean = run_clean(scenario, undisturbed);
    Row row;
    row.name = scenario.name;
    row.clean_seconds = seconds_since(clean_from);
    if (options_.verbose)
      std::printf("%s\n%s\n", json(clean.replies).dump(1).c_str(), clean.world.dump(1).c_str());
    const auto faults = chosen(scenario.outside.empty() ? faults_of(clean, row.boundaries)
                                                        : outside_faults_of(scenario, clean, row.boundaries));
    std::vector<std::function<std::string()>> tasks;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      const int number = next_address_++;
      const auto& fault = faults[i];
      const auto where = folder + "/" + std::to_string(i + 1);
      row.runs.push_back("fault " + std::to_string(fault.serial) + ", " + fault.where);
      row.directories.push_back(where);
      tasks.emplace_back([this, &scenario, &prepared, &clean, &fault, number, where] {
        return disturbed(scenario, prepared, clean, fault, number, where);
      });
    }
    row.said = run_all(tasks, options_.at_once);
    row.seconds = seconds_since(started);
    row.most_must_happen = options_.boundary == 0;
    return print(row, options_.expect_caught);
  }

  /// Several people and everything that can happen, by seeds that follow each other.
  Total play(int schedules, std::uint64_t first_seed) {
    const auto started = std::chrono::steady_clock::now();
    const std::string folder = directory_ + "/" + std::to_string(++scenarios_);
    Row row;
    row.name = "schedules";
    std::vector<std::function<std::string()>> tasks;
    for (int i = 0; i < schedules; ++i) {
      const auto seed = first_seed + static_cast<std::uint64_t>(i);
      const int number = next_address_++;
      const auto where = folder + "/" + std::to_string(seed);
      row.runs.push_back("--seed " + std::to_string(seed));
      row.directories.push_back(where);
      tasks.emplace_back([this, seed, number, where] {
        const auto schedule = schedule_of(seed);
        Stage stage(binaries_, where, address(number), schedule.chat);
        return kept_if_bad(run_schedule(stage, schedule), stage, where);
      });
    }
    row.said = run_all(tasks, options_.at_once);
    row.seconds = seconds_since(started);
    return print(row, options_.expect_caught);
  }

 private:
  [[nodiscard]] std::vector<Fault> chosen(const std::vector<Fault>& all) const {
    std::vector<Fault> some;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& where = all[i].where;
      if (::fnmatch(options_.where.c_str(), where.c_str(), 0) != 0) continue;
      if (options_.boundary == 0 ? i % static_cast<std::size_t>(options_.every) == 0
                                 : all[i].serial == options_.boundary)
        some.push_back(all[i]);
    }
    return some;
  }

  std::string disturbed(const Scenario& scenario, const Stage& prepared, const CleanRun& clean,
                        const Fault& fault, int number, const std::string& where) const {
    Stage stage(binaries_, where, address(number), scenario.chat);
    stage.copy_from(prepared);
    const auto verdict = scenario.outside.empty() ? run_disturbed(scenario, stage, clean, fault)
                                                  : run_outside(scenario, stage, clean, fault);
    return kept_if_bad(verdict, stage, where);
  }

  [[nodiscard]] std::string kept_if_bad(const Verdict& verdict, Stage& stage,
                                        const std::string& where) const {
    stage.stop();
    if (verdict.is_good() && !options_.verbose) std::filesystem::remove_all(where);
    return json(verdict).dump();
  }

  static double seconds_since(std::chrono::steady_clock::time_point begun) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    return took.count();
  }

  const Options& options_;
  const Binaries& binaries_;
  std::string directory_;
  int next_address_ = 0;
  int scenarios_ = 0;
};

int drive(const Options& options) {
  const std::string here = DEVBOX_BIN_DIR;
  const Binaries binaries{here, options.bot.empty() ? here + "/devboxd" : options.bot, DEVBOX_COMMIT_LIBRARY};
  prefer_memory();
  auto directory = std::make_unique<TempDir>();
  Driver driver(options, binaries, directory->path().string());
  Total total;
  print_columns();
  auto all = scenarios();
  for (const auto& others : {team_scenarios(), trash_scenarios(), change_scenarios(), timed_scenarios(),
                             matrix_scenarios(), slack_scenarios(), outside_scenarios()})
    all.insert(all.end(), others.begin(), others.end());
  if (options.schedules > 0) total += driver.play(options.schedules, options.seed);
  for (const auto& scenario : all) {
    if (options.schedules > 0) break;
    if (!options.only.empty() && ::fnmatch(options.only.c_str(), scenario.name.c_str(), 0) != 0) continue;
    total += driver.disturb(scenario);
  }
  if (options.expect_caught) {
    std::printf("%s\n", total.harm > 0 ? "1 passed, 0 failed, 0 skipped" : "0 passed, 1 failed, 0 skipped");
    return total.harm > 0 ? 0 : 1;
  }
  // The logs of the failed runs stay.
  if (total.failed > 0 || options.verbose) static_cast<void>(directory.release());
  std::printf("%d passed, %d failed, %d skipped\n", total.passed, total.failed, total.skipped);
  return total.failed == 0 && total.passed > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Disturbs every operation at every boundary"};
  app.add_option("--bot", options.bot, "another devboxd than the one beside this program");
  app.add_option("--only", options.only, "operations whose name in the table this pattern fits");
  app.add_option("--fault", options.boundary, "one fault of it, by its number");
  app.add_option("--where", options.where, "those whose description this pattern fits (\"POST*#1:*\")");
  app.add_option("--every", options.every, "every N-th fault only")->check(CLI::PositiveNumber);
  app.add_option("--at-once", options.at_once, "runs at the same time")->check(CLI::PositiveNumber);
  app.add_flag("--expect-caught", options.expect_caught,
               "passes when something is orphaned, made twice, lost or doubled: for a seeded bug");
  app.add_flag("--verbose", options.verbose,
               "show what the clean run said and left; keep every run's directory");
  app.add_option("--schedules", options.schedules, "so many random schedules, in place of the table");
  app.add_option("--seed", options.seed, "of the first schedule; alone: that one only");
  CLI11_PARSE(app, argc, argv);
  if (options.schedules == 0 && app.count("--seed") > 0) options.schedules = 1;
  try {
    return drive(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fault-driver: %s\n", error.what());
    return 1;
  }
}
