#include "commands/calendar.hpp"

#include <algorithm>

#include "commands/printable.hpp"
#include "commands/request.hpp"
#include "commands/utf8.hpp"
#include "commands/zones.hpp"

namespace commands {
namespace {

using date::local_days;

constexpr int whole_day = 24 * 60;
constexpr date::days longest_search{367};
constexpr net::Duration longest_stretch = date::days(32);

/// In minutes of the day on which they begin.
int end_minute(const Hours& hours) { return hours.to > hours.from ? hours.to : hours.to + whole_day; }

local_days day_of(net::Time time, const date::time_zone& zone) {
  return date::floor<date::days>(local_time(time, zone));
}

/// The hours that begin on that day; nullopt when a change of time leaves them out.
std::optional<Shift> hours_on(local_days day, const Hours& hours, const date::time_zone& zone) {
  const Shift shift{instant_of(day + std::chrono::minutes(hours.from), zone),
                    instant_of(day + std::chrono::minutes(end_minute(hours)), zone)};
  if (shift.from >= shift.to) return std::nullopt;
  return shift;
}

std::optional<Shift> hours_around(const Hours& hours, net::Time time, const std::string& name) {
  const auto& zone = zone_named(name);
  const auto today = day_of(time, zone);
  for (const auto day : {today - date::days(1), today}) {
    const auto shift = hours_on(day, hours, zone);
    if (shift && shift->from <= time && time < shift->to) return shift;
  }
  return std::nullopt;
}

bool begins_on(const Schedule::Window& window, local_days day) {
  const auto weekday = static_cast<int>(date::weekday(day).iso_encoding());
  return std::find(window.days.begin(), window.days.end(), weekday) != window.days.end();
}

/// The first of that day that has not ended by then.
std::optional<Shift> shift_on(local_days day, const Schedule& schedule, net::Time time,
                              const date::time_zone& zone) {
  std::optional<Shift> first;
  for (const auto& window : schedule.windows) {
    if (!begins_on(window, day)) continue;
    const auto shift = hours_on(day, window.hours, zone);
    const bool is_over = !shift || shift->to <= time;
    if (!is_over && (!first || shift->from < first->from)) first = shift;
  }
  return first;
}

/// Of a time of day on that day; nullopt when it is over.
std::optional<net::Time> next_of(net::Time now, local_days day, int minute, const date::time_zone& zone) {
  for (const auto which : {date::choose::earliest, date::choose::latest}) {
    const auto time = instant_of(day + std::chrono::minutes(minute), zone, which);
    if (time > now) return time;
  }
  return std::nullopt;
}

Error no_clock(const std::string& text, const std::string& why) {
  return Error("\"" + cut(printable(text), 40) + "\" " + why +
               "; it is written like 18:00, 9, tomorrow 9 or fri 18:00.");
}

}  // namespace

bool is_within(const Hours& hours, net::Time time, const std::string& zone) {
  return hours_around(hours, time, zone).has_value();
}

net::Time end_of(const Hours& hours, net::Time time, const std::string& zone) {
  const auto shift = hours_around(hours, time, zone);
  return shift ? shift->to : time;
}

std::optional<Shift> shift_at(const Schedule& schedule, net::Time time) {
  const auto& zone = zone_named(schedule.zone);
  // What began the day before may last until now.
  const auto first = day_of(time, zone) - date::days(1);
  for (auto day = first; day <= first + longest_search; day += date::days(1))
    if (const auto shift = shift_on(day, schedule, time, zone)) return shift;
  return std::nullopt;
}

Shift first_of_day(const Schedule& schedule, net::Time from) {
  const auto& zone = zone_named(schedule.zone);
  const auto midnight = instant_of(day_of(from, zone), zone);
  auto shift = shift_at(schedule, midnight).value();
  while (shift.from < midnight) shift = shift_at(schedule, shift.to).value();
  return shift;
}

std::optional<net::Time> closing_after(const Schedule& schedule, net::Time time) {
  auto shift = shift_at(schedule, time);
  while (shift) {
    const auto next = shift_at(schedule, shift->to);
    if (!next || next->from != shift->to) return shift->to;
    if (next->to > time + longest_stretch) return std::nullopt;
    shift = next;
  }
  return std::nullopt;
}

net::Time parse_clock(const std::string& text, net::Time now, const std::string& zone_name) {
  const auto word = lower(text);
  const auto space = word.find(' ');
  const auto when = space == std::string::npos ? "" : word.substr(0, space);
  const auto minute = minute_of_day(space == std::string::npos ? word : word.substr(space + 1));
  const auto weekday = day_of_week(when);
  const bool is_known = when.empty() || when == "today" || when == "tomorrow" || weekday;
  if (!minute || !is_known) throw no_clock(text, "is no time of day");
  const auto& zone = zone_named(zone_name);
  const auto today = day_of(now, zone);
  const auto first = when == "tomorrow" ? today + date::days(1) : today;
  const auto last = when == "today" ? today : first + date::days(8);
  for (auto day = first; day <= last; day += date::days(1)) {
    const bool is_it = !weekday || static_cast<int>(date::weekday(day).iso_encoding()) == *weekday;
    const auto time = is_it ? next_of(now, day, *minute, zone) : std::nullopt;
    if (time) return *time;
  }
  throw no_clock(text, "is over");
}

std::string date_text(net::Time time, const std::string& zone) {
  return date::format("%F", day_of(time, zone_named(zone)));
}

}  // namespace commands
