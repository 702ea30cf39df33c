#include <date/tz.h>

#include <algorithm>
#include <sstream>

#include "commands/calendar.hpp"
#include "commands/request.hpp"
#include "net/random.hpp"
#include "tests/catch.hpp"
#include "tests/commands/utc.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::utc;
using commands::test::utc_text;

namespace {

constexpr int minutes_a_day = 24 * 60;
constexpr int minutes_a_week = 7 * minutes_a_day;

/// A few windows on the quarter of an hour, most of which follow one another.
std::optional<Schedule> some_schedule(net::Random& random, const std::string& zone) {
  Schedule schedule;
  schedule.zone = zone;
  for (auto count = 1 + random.below(3); count > 0; --count) {
    const auto quarter = [&] { return static_cast<int>(random.below(96)) * 15; };
    Schedule::Window window;
    window.hours = {quarter(), quarter()};
    if (window.hours.to == 0) window.hours.to = minutes_a_day;
    if (window.hours.from == window.hours.to) window.hours.to += 15;
    for (int day = 1; day <= 7; ++day)
      if (random.below(3) == 0) window.days.push_back(day);
    if (!window.days.empty()) schedule.windows.push_back(window);
  }
  if (schedule.windows.empty()) return std::nullopt;
  return schedule;
}

std::optional<Schedule> read_again(const Schedule& schedule) {
  std::istringstream in(schedule_text(schedule));
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  try {
    return parse_schedule(words, "UTC");
  } catch (const Error&) {
    return std::nullopt;  // hours that overlap
  }
}

date::local_info info_of(net::Time time, const date::time_zone& zone) {
  return zone.get_info(zone.to_local(time));
}

int minute_of_week(net::Time time, const date::time_zone& zone) {
  const auto local = zone.to_local(time);
  const auto day = date::floor<date::days>(local);
  const auto minutes = date::floor<std::chrono::minutes>(local - day).count();
  return (static_cast<int>(date::weekday(day).iso_encoding()) - 1) * minutes_a_day +
         static_cast<int>(minutes);
}

/// By what a clock on the wall shows.
bool is_open(const Schedule& schedule, int minute) {
  for (const auto& window : schedule.windows)
    for (const int day : window.days) {
      const int from = (day - 1) * minutes_a_day + window.hours.from;
      const int length = (window.hours.to - window.hours.from + minutes_a_day - 1) % minutes_a_day + 1;
      if ((minute - from + minutes_a_week) % minutes_a_week < length) return true;
    }
  return false;
}

bool is_change(net::Time time, const date::time_zone& zone) { return zone.get_info(time).begin == time; }

bool is_beginning(const Schedule& schedule, int minute) {
  return std::any_of(schedule.windows.begin(), schedule.windows.end(), [&](const auto& window) {
    return std::any_of(window.days.begin(), window.days.end(),
                       [&](int day) { return (day - 1) * minutes_a_day + window.hours.from == minute; });
  });
}

void check_shift(const Schedule& schedule, net::Time time, const date::time_zone& zone) {
  const auto shift = shift_at(schedule, time).value();
  CHECK(shift.from < shift.to);
  CHECK(time < shift.to);
  CHECK(shift_at(schedule, shift.from) == shift);
  CHECK(shift_at(schedule, shift.to - 1ms) == shift);
  const auto next = shift_at(schedule, shift.to).value();
  CHECK(next.from >= shift.to);
  CHECK(first_of_day(schedule, shift.from).from <= shift.from);
  CHECK(closing_after(schedule, time).value_or(shift.to) >= shift.to);
  // What the clock on the wall shows is what was asked for, but where it has jumped.
  CHECK((is_beginning(schedule, minute_of_week(shift.from, zone)) || is_change(shift.from, zone)));
  if (info_of(time, zone).result == date::local_info::unique)
    CHECK((shift.from <= time) == is_open(schedule, minute_of_week(time, zone)));
}

}  // namespace

TEST_CASE("shifts follow one another, and are what a clock on the wall shows") {
  const auto seed = 20261127;
  CAPTURE(seed);
  net::Random random(seed);
  const std::string zones[] = {"Europe/Riga", "UTC", "America/New_York", "Australia/Lord_Howe",
                               "Pacific/Apia"};
  // Around the changes of 2026 and 2027, and of the day that Samoa left out.
  const net::Time changes[] = {utc("2026-03-29 01:00"), utc("2026-10-25 01:00"), utc("2027-03-28 01:00"),
                               utc("2027-10-31 01:00"), utc("2026-03-08 07:00"), utc("2026-11-01 06:00"),
                               utc("2027-03-14 07:00"), utc("2027-11-07 06:00"), utc("2026-04-04 15:00"),
                               utc("2026-10-03 15:30"), utc("2027-04-03 15:00"), utc("2027-10-02 15:30"),
                               utc("2011-12-30 10:00")};
  int schedules = 0, refused = 0;
  while (schedules < 400) {
    const auto& zone = zones[random.below(std::size(zones))];
    const auto made = some_schedule(random, zone);
    if (!made) continue;
    const auto schedule = read_again(*made);
    refused += !schedule;
    if (!schedule) continue;
    ++schedules;
    CAPTURE(schedule_text(*schedule));
    CHECK(*schedule == *made);
    for (const auto change : changes) {
      const auto time = change - 36h + std::chrono::minutes(random.below(72 * 60));
      CAPTURE(utc_text(time));
      check_shift(*schedule, time, *date::locate_zone(zone));
    }
  }
  CHECK(refused > 20);
}

TEST_CASE("quiet hours are what a clock on the wall shows") {
  net::Random random(7);
  const auto& zone = *date::locate_zone("Europe/Riga");
  for (int i = 0; i < 2000; ++i) {
    const int from = static_cast<int>(random.below(96)) * 15;
    const int to = static_cast<int>(random.below(95) + 1) * 15;
    if (from == to) continue;
    const Hours hours{from, to};
    const auto time = utc("2026-10-24 01:00") + std::chrono::minutes(random.below(48 * 60));
    CAPTURE(hours_text(hours), utc_text(time));
    const auto end = end_of(hours, time, "Europe/Riga");
    CHECK(is_within(hours, time, "Europe/Riga") == (end > time));
    CHECK((end == time || !is_within(hours, end, "Europe/Riga")));
    if (info_of(time, zone).result != date::local_info::unique) continue;
    const Schedule daily{{{{1, 2, 3, 4, 5, 6, 7}, hours}}, "Europe/Riga"};
    CHECK(is_within(hours, time, "Europe/Riga") == is_open(daily, minute_of_week(time, zone)));
  }
}

TEST_CASE("whatever is written is read or refused in one sentence") {
  net::Random random(11);
  const std::string pieces[] = {"9",       "24",    "0",         ":",         ":30",  "-",
                                ",",       " ",     "mon",       "fri",       "UTC",  "/",
                                "x",       "99",    "\xc3\xa4",  "tomorrow ", "sun",  "9-18",
                                " 14-18 ", " 22-7", " mon-fri ", " sat ",     " UTC", "Europe/Riga"};
  const auto sentence_of = [](const auto& read) {
    try {
      read();
      return std::string();
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  const auto now = utc("2026-03-28 23:30");
  int taken = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto count = random.below(8); count > 0; --count) text += pieces[random.below(std::size(pieces))];
    CAPTURE(text);
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    std::optional<Schedule> schedule;
    const auto refusal = sentence_of([&] { schedule = parse_schedule(words, "Europe/Riga"); });
    CHECK((schedule ? shift_at(*schedule, now).has_value() && refusal.empty() : refusal.size() > 20));
    std::optional<net::Time> time;
    const auto no_time = sentence_of([&] { time = parse_clock(text, now, "Europe/Riga"); });
    CHECK((time ? *time > now && no_time.empty() : no_time.size() > 20));
    taken += schedule.has_value();
  }
  CHECK(taken > 100);
}
