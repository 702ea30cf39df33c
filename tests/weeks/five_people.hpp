#pragma once
#include "tests/weeks/weeks.hpp"

namespace weeks {

/// Five people over four weeks from Monday, 12 October 2026 on, in Berlin, where summer time ends in the
/// night to Sunday of the second week and the month on Sunday of the third. What is to come of it is computed
/// by hand from the rules: idle counts from the last keystroke or job, an open tab adds ten minutes; a
/// reminder after 30 minutes; a stop at the first instant after 60 that is five minutes before the end of a
/// paid hour, a last reminder ten minutes before; no stop while nobody knows, but for the cap of 24 hours.
Setting five_people();

/// A Monday and the morning after it, in which every kind of reminder comes: eight of them.
Setting a_day_of_reminders();

/// A stage of what owners are told: "idle", "last", "silence", "moved".
struct Reminder {
  std::string when;
  std::string who;
  std::string stage;
  auto operator<=>(const Reminder&) const = default;
};
std::vector<Reminder> reminders_of_five();

/// As `servers` of a story tells them, in the order of their making.
Texts servers_of_five();

/// What each has spent on servers in October and in November, to the cent.
struct Months {
  std::string who;
  std::string october;
  std::string november;
};
std::vector<Months> months_of_five();

}  // namespace weeks
