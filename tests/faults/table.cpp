#include "tests/faults/table.hpp"

#include <cstdio>
#include <filesystem>
#include <map>

#include "tests/faults/verdict.hpp"

namespace faults {
namespace {

using nlohmann::json;

constexpr const char* columns[] = {"missed", "orphans", "duplicates", "lost", "doubled", "stuck", "crashed"};
/// One in so many faults may not happen.
constexpr int most_missed = 10;
/// Of a row's failed runs, so many keep their directory.
constexpr int most_kept = 10;

}  // namespace

Total& Total::operator+=(const Total& other) {
  passed += other.passed;
  failed += other.failed;
  skipped += other.skipped;
  harm += other.harm;
  return *this;
}

void print_columns() {
  std::printf("%-24s %10s %6s", "operation", "boundaries", "runs");
  for (const auto* column : columns) std::printf(" %10s", column);
  std::printf(" %10s %9s\n", "clean run", "all");
}

Total print(const Row& row, bool quietly) {
  Total total;
  std::map<std::string, int> sums;
  std::string details;
  for (std::size_t i = 0; i < row.said.size(); ++i) {
    const auto verdict = json::parse(row.said[i], nullptr, false);
    const auto what = verdict.is_object() ? verdict.value("what", "") : row.said[i] + "\n";
    for (const auto* column : columns)
      if (verdict.is_object()) sums[column] += verdict.value(column, 0);
    if (verdict.is_object() && what.empty()) {
      ++(verdict.value("missed", 0) ? total.skipped : total.passed);
      continue;
    }
    for (const auto* column : {"orphans", "duplicates", "lost", "doubled"})
      if (verdict.is_object()) total.harm += verdict.value(column, 0);
    if (++total.failed > most_kept || quietly) std::filesystem::remove_all(row.directories[i]);
    details += "    FAILED  " + row.name + ", " + row.runs[i] + "\n";
    if (!quietly) details += what + "logs of it: " + row.directories[i] + "\n";
  }
  if (row.most_must_happen && sums["missed"] * most_missed > static_cast<int>(row.said.size())) {
    ++total.failed;
    details += "    FAILED  " + row.name + ": too many faults did not happen\n";
  }
  std::printf("%-24s %10d %6zu", row.name.c_str(), row.boundaries, row.said.size());
  for (const auto* column : columns) std::printf(" %10d", sums[column]);
  std::printf(" %8.2f s %7.1f s\n%s", row.clean_seconds, row.seconds, details.c_str());
  std::fflush(stdout);
  return total;
}

}  // namespace faults
