#pragma once
#include <date/date.h>

#include <sstream>
#include <stdexcept>
#include <string>

#include "net/clock.hpp"

namespace commands::test {

/// "2026-11-25 09:30".
inline net::Time utc(const std::string& text) {
  net::Time time;
  std::istringstream in(text);
  in >> date::parse("%F %H:%M", time);
  if (in.fail()) throw std::invalid_argument(text);
  return time;
}

inline std::string utc_text(net::Time time) {
  return date::format("%F %H:%M", date::floor<std::chrono::minutes>(time));
}

}  // namespace commands::test
