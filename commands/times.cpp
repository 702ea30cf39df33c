#include "commands/times.hpp"

#include <date/tz.h>

namespace commands {
namespace {

using namespace std::chrono_literals;

date::local_time<net::Duration> local(net::Time time, const std::string& zone) {
  try {
    return date::make_zoned(zone, time).get_local_time();
  } catch (const std::runtime_error&) {
    return date::make_zoned("UTC", time).get_local_time();
  }
}

}  // namespace

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
  const auto there = local(time, zone);
  const auto today = date::floor<date::days>(local(now, zone));
  const auto day = date::floor<date::days>(there);
  const auto clock = date::format("%H:%M", date::floor<std::chrono::minutes>(there));
  if (day == today) return clock;
  if (day > today && day < today + date::days(7)) return date::format("%a ", day) + clock;
  return date::format("%Y-%m-%d ", day) + clock;
}

net::Time start_of_day(net::Time time, const std::string& zone) {
  const auto day = date::floor<date::days>(local(time, zone));
  try {
    return date::make_zoned(zone, day, date::choose::earliest).get_sys_time();
  } catch (const std::runtime_error&) {
    return date::make_zoned("UTC", day).get_sys_time();
  }
}

net::Time start_of_month(net::Time time) {
  const auto day = date::year_month_day(date::floor<date::days>(time));
  return date::sys_days(day.year() / day.month() / 1);
}

std::string month_name(net::Time time) { return date::format("%B", date::floor<date::days>(time)); }

bool is_zone(const std::string& zone) {
  try {
    return date::locate_zone(zone) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace commands
