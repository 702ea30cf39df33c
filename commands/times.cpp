#include "commands/times.hpp"

#include <date/tz.h>

#include <map>
#include <vector>

#include "commands/nearest.hpp"
#include "commands/utf8.hpp"

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

/// The names that say where, by themselves in lower case.
std::map<std::string, std::string> zones() {
  std::map<std::string, std::string> names;
  for (const auto& zone : date::get_tzdb().zones) names[lower(zone.name())] = zone.name();
  return names;
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

std::optional<std::string> find_zone(const std::string& text) {
  const auto all = zones();
  const auto found = all.find(lower(text));
  if (found == all.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> nearest_zone(const std::string& text) {
  const auto all = zones();
  std::vector<std::string_view> names;
  for (const auto& [name, zone] : all) {
    if (name.ends_with("/" + lower(text))) return zone;
    names.emplace_back(name);
  }
  const auto near = nearest(text, names);
  if (!near) return std::nullopt;
  return all.at(*near);
}

}  // namespace commands
