#pragma once
#include <optional>
#include <string>

#include "net/clock.hpp"

namespace commands {

/// "45 s", "3 min", "1 h 30 min", "2 days": a length of time as people say it, rounded to what matters.
std::string span_text(net::Duration time);

/// "10:58" in the zone when it is on the same day there as `now`, else "Tue 10:58" or "2026-12-01 10:58".
/// An unknown zone is read as UTC.
std::string clock_text(net::Time time, net::Time now, const std::string& zone);

/// Midnight before `time` in the zone.
net::Time start_of_day(net::Time time, const std::string& zone);
/// The first of the calendar month (UTC), which is what Hetzner bills by.
net::Time start_of_month(net::Time time);
/// "November" of an instant, in UTC.
std::string month_name(net::Time time);

/// "Europe/Riga", "UTC": a name of the time zone database.
bool is_zone(const std::string& zone);

/// The name of the time zone database that `text` is, in whatever case.
std::optional<std::string> find_zone(const std::string& text);

/// The name that `text` was probably meant to be: a slip, or the place alone ("Riga").
std::optional<std::string> nearest_zone(const std::string& text);

}  // namespace commands
