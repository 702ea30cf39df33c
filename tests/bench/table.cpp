#include "tests/bench/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace bench {
namespace {

/// Of sorted times, the one that so many per cent are not above.
double percentile(const std::vector<double>& sorted, int percent) {
  const auto count = sorted.size();
  const auto at = (count * static_cast<std::size_t>(percent) + 99) / 100;
  return sorted.at(std::max<std::size_t>(at, 1) - 1);
}

}  // namespace

Table::Table(const std::string& head) { fmt::print("{}\n", head); }

void Table::row(const std::string& name, const std::string& figure, const std::string& goal) {
  fmt::print("   {:<48} {:<50} {}\n", name, figure, goal);
  std::fflush(stdout);
}

void Table::count(const std::string& name, int found, int wanted) {
  ++(found == wanted ? passed_ : failed_);
  row(name, fmt::format("{}{}", found, found == wanted ? "" : "  FAILED"), std::to_string(wanted));
}

void Table::failed(const std::string& name, const std::string& why) {
  ++failed_;
  row(name, "FAILED  " + why);
}

int Table::end() const {
  fmt::print("{} passed, {} failed, 0 skipped\n", passed_, failed_);
  return failed_ == 0 ? 0 : 1;
}

std::string median_and(int rest, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return fmt::format("{:.1f} ms (p{} {:.1f} ms)", percentile(times, 50), rest, percentile(times, rest));
}

}  // namespace bench
