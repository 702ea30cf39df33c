#include <fnmatch.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "tests/faults/outside.hpp"
#include "tests/faults/pool.hpp"
#include "tests/faults/run.hpp"
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
};

constexpr const char* columns[] = {"missed", "orphans", "duplicates", "lost", "doubled", "stuck", "crashed"};
/// One in so many faults may not happen.
constexpr int most_missed = 10;

/// Of a scenario's failed runs, so many keep their directory.
constexpr int most_kept = 10;
/// Enough for the runs of a moment and for some kept ones.
constexpr std::uintmax_t room_wanted = 256 * 1024 * 1024;

struct Total {
  int passed = 0;
  int failed = 0;
  int skipped = 0;  ///< the fault did not happen
  int harm = 0;     ///< orphans, duplicates, lost and doubled messages
};

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
    Stage prepared(binaries_, folder + "/prepared", address(next_address_++));
    prepare(scenario, prepared);
    Stage undisturbed(binaries_, folder + "/clean", address(next_address_++));
    undisturbed.copy_from(prepared);
    const auto clean_from = std::chrono::steady_clock::now();
    const auto clean = run_clean(scenario, undisturbed);
    const std::chrono::duration<double> clean_took = std::chrono::steady_clock::now() - clean_from;
    clean_seconds_ = clean_took.count();
    if (options_.verbose)
      std::printf("%s\n%s\n", json(clean.replies).dump(1).c_str(), clean.world.dump(1).c_str());
    int boundaries = 0;
    const auto faults = chosen(scenario.outside.empty() ? faults_of(clean, boundaries)
                                                        : outside_faults_of(scenario, clean, boundaries));
    std::vector<std::function<std::string()>> tasks;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      const int number = next_address_++;
      const auto& fault = faults[i];
      const auto where = folder + "/" + std::to_string(i + 1);
      tasks.emplace_back([this, &scenario, &prepared, &clean, &fault, number, where] {
        return disturbed(scenario, prepared, clean, fault, number, where);
      });
    }
    const auto said = run_all(tasks, options_.at_once);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    return report(scenario, folder, boundaries, faults, said, took.count());
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
    Stage stage(binaries_, where, address(number));
    stage.copy_from(prepared);
    const auto verdict = scenario.outside.empty() ? run_disturbed(scenario, stage, clean, fault)
                                                  : run_outside(scenario, stage, clean, fault);
    stage.stop();
    if (verdict.is_good()) std::filesystem::remove_all(where);
    return json(verdict).dump();
  }

  [[nodiscard]] Total report(const Scenario& scenario, const std::string& folder, int boundaries,
                             const std::vector<Fault>& faults, const std::vector<std::string>& said,
                             double seconds) const {
    Total total;
    std::map<std::string, int> sums;
    std::string details;
    for (std::size_t i = 0; i < said.size(); ++i) {
      const auto verdict = json::parse(said[i], nullptr, false);
      const auto what = verdict.is_object() ? verdict.value("what", "") : said[i] + "\n";
      for (const auto* column : columns)
        if (verdict.is_object()) sums[column] += verdict.value(column, 0);
      if (verdict.is_object() && what.empty()) {
        ++(verdict.value("missed", 0) ? total.skipped : total.passed);
        continue;
      }
      for (const auto* column : {"orphans", "duplicates", "lost", "doubled"})
        if (verdict.is_object()) total.harm += verdict.value(column, 0);
      const auto where = folder + "/" + std::to_string(i + 1);
      if (++total.failed > most_kept || options_.expect_caught) std::filesystem::remove_all(where);
      details += "    FAILED  " + scenario.name + ", fault " + std::to_string(faults[i].serial) + ", " +
                 faults[i].where + "\n";
      if (!options_.expect_caught) details += what + "logs of it: " + where + "\n";
    }
    const bool mostly_missed =
        options_.boundary == 0 && sums["missed"] * most_missed > static_cast<int>(said.size());
    if (mostly_missed) {
      ++total.failed;
      details += "    FAILED  " + scenario.name + ": too many faults did not happen\n";
    }
    std::printf("%-24s %10d %6zu", scenario.name.c_str(), boundaries, said.size());
    for (const auto* column : columns) std::printf(" %10d", sums[column]);
    std::printf(" %8.2f s %7.1f s\n%s", clean_seconds_, seconds, details.c_str());
    std::fflush(stdout);
    return total;
  }

  const Options& options_;
  const Binaries& binaries_;
  std::string directory_;
  double clean_seconds_ = 0;
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
  std::printf("%-24s %10s %6s", "operation", "boundaries", "runs");
  for (const auto* column : columns) std::printf(" %10s", column);
  std::printf(" %10s %9s\n", "clean run", "all");
  auto all = scenarios();
  const auto others = outside_scenarios();
  all.insert(all.end(), others.begin(), others.end());
  for (const auto& scenario : all) {
    if (!options.only.empty() && ::fnmatch(options.only.c_str(), scenario.name.c_str(), 0) != 0) continue;
    const auto one = driver.disturb(scenario);
    total.passed += one.passed;
    total.failed += one.failed;
    total.skipped += one.skipped;
    total.harm += one.harm;
  }
  if (options.expect_caught) {
    std::printf("%s\n", total.harm > 0 ? "1 passed, 0 failed, 0 skipped" : "0 passed, 1 failed, 0 skipped");
    return total.harm > 0 ? 0 : 1;
  }
  // The logs of the failed runs stay.
  if (total.failed > 0) static_cast<void>(directory.release());
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
  app.add_flag("--verbose", options.verbose, "show what the clean run said and left");
  CLI11_PARSE(app, argc, argv);
  try {
    return drive(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fault-driver: %s\n", error.what());
    return 1;
  }
}
