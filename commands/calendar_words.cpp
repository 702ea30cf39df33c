#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "commands/calendar.hpp"
#include "commands/nearest.hpp"
#include "commands/printable.hpp"
#include "commands/request.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

constexpr int day_length = 24 * 60;
constexpr int week_length = 7 * day_length;
constexpr std::array<std::string_view, 7> weekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
constexpr const char* how_hours = "; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24.";
constexpr const char* how_days = "; days are written like mon-fri, sat or mon,wed,fri.";
constexpr const char* how_schedule = "; a schedule is written like 9-18 mon-fri Europe/Riga.";

std::string in_quotes(std::string_view text) { return "\"" + cut(printable(text), 40) + "\""; }

std::string short_day(int day) {
  return std::string(weekdays[static_cast<std::size_t>(day - 1)].substr(0, 3));
}

std::optional<int> number_of_digits(std::string_view text, std::size_t least, std::size_t most) {
  if (text.size() < least || text.size() > most) return std::nullopt;
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

/// "mon-fri", "fri-mon", "sat", "daily", "weekdays"; nullopt when one of them is no day.
std::optional<std::vector<int>> find_days(std::string_view text) {
  if (lower(text) == "daily") text = "mon-sun";
  if (lower(text) == "weekdays") text = "mon-fri";
  const auto dash = text.find('-');
  const auto first = day_of_week(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : day_of_week(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  std::vector<int> days{*first};
  while (days.back() != *last) days.push_back(days.back() % 7 + 1);
  return days;
}

/// "mon,wed", "9-13," → each by itself; phones put spaces around a hyphen.
std::vector<std::string> parts_of(const std::vector<std::string>& words) {
  std::vector<std::string> parts;
  for (const auto& word : without_gaps(words)) {
    std::string part;
    for (const char c : word + ",") {
      if (c != ',')
        part += c;
      else if (!part.empty())
        parts.push_back(std::exchange(part, ""));
    }
  }
  return parts;
}

/// What it was probably meant to be, and how that is written.
Error unknown_word(const std::string& word, bool is_last) {
  if (kind_of(word) == ScheduleWord::zone)
    return Error(in_quotes(word) + " stands too early: the zone comes last" + how_schedule);
  std::vector<std::string_view> known(weekdays.begin(), weekdays.end());
  for (const auto day : weekdays) known.push_back(day.substr(0, 3));
  const bool is_like_zone = word.find('/') != std::string::npos;
  const bool is_like_days = word.find('-') != std::string::npos || nearest(lower(word), known);
  const auto zone = nearest_zone(word);
  if (is_last && zone && (is_like_zone || !is_like_days))
    return Error("There is no time zone " + in_quotes(word) + "; did you mean " + *zone + "?");
  if (is_last && is_like_zone)
    return Error("There is no time zone " + in_quotes(word) + "; they are written like Europe/Riga.");
  if (is_last && !is_like_days) return Error(in_quotes(word) + " is no day and no time zone" + how_schedule);
  return Error(in_quotes(word) + " is no day" + how_days);
}

/// Takes hours, then their days, as often as they come.
std::vector<Schedule::Window> windows_of(const std::vector<std::string>& parts) {
  std::vector<Schedule::Window> windows;
  std::vector<Hours> open;
  std::vector<int> days;
  const auto close = [&] {
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    if (days.empty()) days = {1, 2, 3, 4, 5};
    for (const auto& hours : open) windows.push_back({days, hours});
    open.clear();
    days.clear();
  };
  for (const auto& part : parts) {
    if (kind_of(part) == ScheduleWord::hours) {
      if (!days.empty()) close();
      open.push_back(parse_hours(part));
      continue;
    }
    const auto more = find_days(part);
    if (!more) throw unknown_word(part, &part == &parts.back());
    if (open.empty()) throw Error(in_quotes(part) + " stands before any hours" + how_schedule);
    days.insert(days.end(), more->begin(), more->end());
  }
  close();
  return windows;
}

void check_overlap(const std::vector<Schedule::Window>& windows) {
  struct Span {
    int from;
    int to;
    int day;
    Hours hours;
  };
  std::vector<Span> spans;
  for (const auto& [days, hours] : windows)
    for (const int day : days) {
      const int from = (day - 1) * day_length + hours.from;
      const int length = hours.to - hours.from + (hours.to > hours.from ? 0 : day_length);
      spans.push_back({from, from + length, day, hours});
    }
  std::sort(spans.begin(), spans.end(),
            [](const Span& one, const Span& other) { return one.from < other.from; });
  for (std::size_t at = 0; at < spans.size(); ++at) {
    const bool is_last = at + 1 == spans.size();
    const auto& next = spans[is_last ? 0 : at + 1];
    if (next.from + (is_last ? week_length : 0) < spans[at].to)
      throw Error(hours_text(spans[at].hours) + " and " + hours_text(next.hours) + " overlap on " +
                  short_day(next.day) + "; hours follow one another, as in 9-13 14-18 mon-fri.");
  }
}

/// "mon-fri", "mon,fri-sun".
std::string days_text(const std::vector<int>& days) {
  std::string text;
  for (std::size_t at = 0; at < days.size();) {
    auto end = at;
    while (end + 1 < days.size() && days[end + 1] == days[end] + 1) ++end;
    text += (text.empty() ? "" : ",") + short_day(days[at]) + (end > at ? "-" + short_day(days[end]) : "");
    at = end + 1;
  }
  return text;
}

}  // namespace

std::optional<int> minute_of_day(std::string_view text) {
  const auto colon = text.find(':');
  const auto hour = number_of_digits(text.substr(0, colon), 1, 2);
  const auto minute =
      colon == std::string_view::npos ? std::optional(0) : number_of_digits(text.substr(colon + 1), 2, 2);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > day_length) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<int> day_of_week(std::string_view text) {
  const auto word = lower(text);
  if (word.size() < 3) return std::nullopt;
  for (std::size_t day = 0; day < weekdays.size(); ++day)
    if (weekdays[day].starts_with(word)) return static_cast<int>(day) + 1;
  return std::nullopt;
}

Hours parse_hours(const std::string& text) {
  const auto refused = [](std::string_view part, const std::string& why) {
    return Error(in_quotes(part) + why + how_hours);
  };
  const auto dash = text.find('-');
  const auto first = std::string_view(text).substr(0, dash);
  const auto from = minute_of_day(first);
  const bool is_open = dash == std::string::npos || dash + 1 == text.size();
  if (is_open && from) throw refused(text, " has no end");
  if (first.empty() && !text.empty()) throw refused(text, " has no beginning");
  if (!from) throw refused(first, " is no time of day");
  if (*from == day_length) throw refused(first, " is no time of day to begin at");
  const auto last = std::string_view(text).substr(dash + 1);
  const auto to = minute_of_day(last);
  if (!to) throw refused(last, " is no time of day");
  if (*from == *to) throw refused(text, " is no time at all");
  return {*from, *to == 0 ? day_length : *to};
}

std::string hours_text(const Hours& hours) {
  return fmt::format("{}:{:02}-{}:{:02}", hours.from / 60, hours.from % 60, hours.to / 60, hours.to % 60);
}

std::vector<std::string> without_gaps(const std::vector<std::string>& words) {
  std::vector<std::string> closed;
  for (const auto& word : words) {
    const bool goes_on = !closed.empty() && (word == "-" || closed.back().ends_with('-'));
    if (goes_on)
      closed.back() += word;
    else
      closed.push_back(word);
  }
  return closed;
}

ScheduleWord kind_of(const std::string& word) {
  const auto parts = parts_of({word});
  if (parts.empty()) return ScheduleWord::other;
  const auto& first = parts.front();
  if (first.find_first_of("0123456789-") == 0) return ScheduleWord::hours;
  if (find_days(first)) return ScheduleWord::days;
  return find_zone(first) ? ScheduleWord::zone : ScheduleWord::other;
}

Schedule parse_schedule(const std::vector<std::string>& words, const std::string& zone) {
  Schedule schedule;
  schedule.zone = zone;
  auto parts = parts_of(words);
  if (!parts.empty() && kind_of(parts.back()) == ScheduleWord::zone) {
    schedule.zone = find_zone(parts.back()).value();
    parts.pop_back();
  }
  schedule.windows = windows_of(parts);
  if (schedule.windows.empty()) throw Error(std::string("There are no hours in it") + how_schedule);
  check_overlap(schedule.windows);
  return schedule;
}

std::string schedule_text(const Schedule& schedule) {
  std::string text;
  for (std::size_t at = 0; at < schedule.windows.size(); ++at) {
    const auto& [days, hours] = schedule.windows[at];
    text += hours_text(hours) + " ";
    const bool goes_on = at + 1 < schedule.windows.size() && schedule.windows[at + 1].days == days;
    if (!goes_on) text += days_text(days) + " ";
  }
  return text + schedule.zone;
}

}  // namespace commands
