#include "tests/weeks/calendar.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace weeks {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::chrono::seconds time_of_day(const std::string& text) {
  int hours = 0, minutes = 0, seconds = 0;
  char colon = 0, second_colon = ':';
  std::istringstream in(text);
  const bool has_minutes = (in >> hours >> colon >> minutes) && colon == ':' && hours >= 0 && hours <= 24 &&
                           minutes >= 0 && minutes <= 59;
  if (has_minutes && !in.eof()) in >> second_colon >> seconds;
  if (!has_minutes || in.fail() || second_colon != ':' || seconds < 0 || seconds > 59)
    throw std::invalid_argument("\"" + text + "\" is no time of day");
  return std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

int day_in(const std::string& text) {
  const auto found = std::find(day_names.begin(), day_names.end(), text);
  if (found == day_names.end()) throw std::invalid_argument("\"" + text + "\" is no day");
  return static_cast<int>(found - day_names.begin());
}

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// What the clock on the wall there shows, as if it were UTC.
std::chrono::sys_time<std::chrono::minutes> wall(net::Time time, const std::string& zone) {
  const auto offset = date::locate_zone(zone)->get_info(time).offset;
  return std::chrono::floor<std::chrono::minutes>(time + offset);
}

}  // namespace

Calendar::Calendar(std::string zone, int year, unsigned month, unsigned day)
    : zone_(std::move(zone)),
      monday_(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) {}

net::Time Calendar::instant(int week, int day, std::chrono::seconds time) const {
  const auto on_the_wall = monday_ + std::chrono::days((week - 1) * 7 + day) + time;
  const date::local_time<std::chrono::seconds> local(on_the_wall.time_since_epoch());
  return date::locate_zone(zone_)->to_sys(local, date::choose::earliest);
}

net::Time Calendar::time(const std::string& text) const { return time(text, instant(1, 0, {})); }

net::Time Calendar::time(const std::string& text, net::Time after) const {
  auto words = words_in(text);
  const auto days = std::chrono::floor<std::chrono::days>(wall(after, zone_)) - monday_;
  int week = static_cast<int>(days.count() / 7) + 1, day = static_cast<int>(days.count() % 7);
  if (words.size() == 3) {
    week = std::stoi(words.front());
    words.erase(words.begin());
  }
  if (words.size() == 2) {
    day = day_in(words.front());
    words.erase(words.begin());
  }
  if (words.size() != 1) throw std::invalid_argument("\"" + text + "\" is no time of a story");
  return instant(week, day, time_of_day(words.front()));
}

std::string Calendar::text(net::Time time) const {
  const auto local = wall(time, zone_);
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const auto days = (midnight - monday_).count();
  const auto minutes = (local - midnight).count();
  return fmt::format("{} {} {:02}:{:02}", days / 7 + 1, day_names.at(static_cast<std::size_t>(days % 7)),
                     minutes / 60, minutes % 60);
}

}  // namespace weeks
