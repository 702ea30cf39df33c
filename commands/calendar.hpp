#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"

/// Local hours and weeks: what they mean as instants in a zone of the time zone database, over changes of
/// summer time. Pure.
namespace commands {

/// "9-18", "8:30-17:00", "22-7", "0-24": minutes of the local day; `to` not after `from` is on the next day.
struct Hours {
  int from = 0;
  int to = 0;
  bool operator==(const Hours&) const = default;
};

/// "9", "09:30", "24:00" → minutes of the day; nullopt when it is no time of day.
std::optional<int> minute_of_day(std::string_view text);
/// "mon", "Tues", "friday" → 1 … 7.
std::optional<int> day_of_week(std::string_view text);

/// "22-0" is "22-24". Throws Error with one sentence: "25:00", "9-9", no end, nonsense.
Hours parse_hours(const std::string& text);
/// "9:00-18:00".
std::string hours_text(const Hours& hours);
/// An unknown zone is read as UTC, here and below.
bool is_within(const Hours& hours, net::Time time, const std::string& zone);
/// When the hours that `time` is within end; `time` itself when it is not.
net::Time end_of(const Hours& hours, net::Time time, const std::string& zone);

/// Working hours of a week. Days are those on which hours begin, 1 = Monday … 7 = Sunday.
struct Schedule {
  struct Window {
    std::vector<int> days;
    Hours hours;
    bool operator==(const Window&) const = default;
  };
  std::vector<Window> windows;
  std::string zone;
  bool operator==(const Schedule&) const = default;
};

/// "9-18 mon-fri", "9-13 14-18 mon-fri Europe/Riga", "9-18 mon-thu 9-15 fri": hours, then their days (no days
/// = mon-fri), at last a zone, else `zone`. Throws Error with one sentence: unknown zone or day, no hours,
/// hours that overlap, across midnight and the end of the week too.
Schedule parse_schedule(const std::vector<std::string>& words, const std::string& zone);
/// "9:00-18:00 mon-fri Europe/Riga": what parse_schedule reads again.
std::string schedule_text(const Schedule& schedule);
/// What a word of a schedule is by itself; "other" may be a slip of any of them.
enum class ScheduleWord { hours, days, zone, other };
ScheduleWord kind_of(const std::string& word);

/// "9", "-", "18" → "9-18": phones put spaces around a hyphen.
std::vector<std::string> without_gaps(const std::vector<std::string>& words);

/// One stretch of working hours as instants.
struct Shift {
  net::Time from;
  net::Time to;
  bool operator==(const Shift&) const = default;
};

/// The shift that `time` is in, else the next one that begins after it. A local time that a change to summer
/// time leaves out is the instant of the change; one that comes twice is the first. nullopt = none in a year.
std::optional<Shift> shift_at(const Schedule& schedule, net::Time time);

/// The first shift that begins on the local day of a shift that begins at `from`.
Shift first_of_day(const Schedule& schedule, net::Time from);

/// When the shift that `time` is in, else the next one, ends; one that begins when another ends is the same
/// stretch. nullopt = not within a month: it is all week.
std::optional<net::Time> closing_after(const Schedule& schedule, net::Time time);

/// "2026-11-27" of an instant in the zone.
std::string date_text(net::Time time, const std::string& zone);

/// "18:00", "9", "24:00", "today 18:00", "tomorrow 9", "fri 18:30": the next such instant after `now` in the
/// zone, so that of one that comes twice the second may be meant. Throws Error with one sentence.
net::Time parse_clock(const std::string& text, net::Time now, const std::string& zone);

}  // namespace commands
