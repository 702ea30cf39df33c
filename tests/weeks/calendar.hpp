#pragma once
#include <string>

#include "net/clock.hpp"

namespace weeks {

/// The story's weeks: where they are told and when the first Monday is.
class Calendar {
 public:
  Calendar(std::string zone, int year, unsigned month, unsigned day);

  /// "2 wed 09:30", "2 wed 09:30:15": the Wednesday of the second week, local time. "24:00" is the day's end.
  /// Throws std::invalid_argument.
  [[nodiscard]] net::Time time(const std::string& text) const;
  /// As `time`; the week and the day may be left out, then they are those of `after`.
  [[nodiscard]] net::Time time(const std::string& text, net::Time after) const;
  /// "2 wed 09:30".
  [[nodiscard]] std::string text(net::Time time) const;
  [[nodiscard]] const std::string& zone() const { return zone_; }

 private:
  [[nodiscard]] net::Time instant(int week, int day, std::chrono::seconds time) const;

  std::string zone_;
  std::chrono::sys_days monday_;
};

}  // namespace weeks
