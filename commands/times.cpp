#include "commands/times.hpp"

#include "commands/zones.hpp"

namespace commands {

using namespace std::chrono_literals;

std::string span_text(net::Duration time) {
  const auto seconds = std::chrono::round<std::chrono::seconds>(time);
  if (seconds < 100s) return std::to_string(seconds.count()) + " s";
  const auto minutes = std::chrono::round<std::chrono::minutes>(time);
  if (minutes < 60min) return std::to_string(minutes.count()) + " min";
  if (minutes < 24h) {
    const auto hours = minutes.count() / 60;
    const auto rest = minutes.count() % 60;
    return std::to_string(hours) + " h" + (rest ? " " + std::to_string(rest) + " min" : "");
  }
  const auto days = std::chrono::duration_cast<std::chrono::hours>(time).count() / 24;
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

std::string clock_text(net::Time time, net::Time now, const std::string& zone) {
  const auto& place = zone_named(zone);
  const auto there = local_time(time, place);
  const auto today = date::floor<date::days>(local_time(now, place));
  const auto day = date::floor<date::days>(there);
  const auto clock = date::format("%H:%M", date::floor<std::chrono::minutes>(there));
  if (day == today) return clock;
  if (day > today && day < today + date::days(7)) return date::format("%a ", day) + clock;
  return date::format("%Y-%m-%d ", day) + clock;
}

net::Time start_of_day(net::Time time, const std::string& zone) {
  const auto& place = zone_named(zone);
  return instant_of(date::floor<date::days>(local_time(time, place)), place);
}

net::Time start_of_month(net::Time time) {
  const auto day = date::year_month_day(date::floor<date::days>(time));
  return date::sys_days(day.year() / day.month() / 1);
}

std::string month_name(net::Time time) { return date::format("%B", date::floor<date::days>(time)); }

}  // namespace commands
