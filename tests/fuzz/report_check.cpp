#include "bot/report_check.hpp"

#include "tests/fuzz/entries.hpp"

namespace fuzz {

void report_check(std::string_view bytes) {
  try {
    const auto report = bot::checked_report(std::string(bytes));
    require(report.value("v", 0) == 1, "a report says its version");
    require(bot::checked_report(report.dump()) == report, "a checked report passes as it is");
  } catch (const bot::BadReport&) {
  }
}

}  // namespace fuzz
