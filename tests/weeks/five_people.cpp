#include "tests/weeks/five_people.hpp"

namespace weeks {
namespace {

const std::vector<Row> alice = {
    // A meeting over lunch with the tab open, and an evening at which she only closes the laptop.
    {"1 mon 09:00", "alice", "says !devbox up"},
    {"1 mon 09:05", "alice", "types until 12:00"},
    {"1 mon 12:00", "alice", "reads until 13:20"},
    {"1 mon 13:20", "alice", "types until 17:30"},
    // Lunch with the laptop closed; she is back ten minutes before the last reminder.
    {"1 tue 09:10", "alice", "says !devbox up"},
    {"1 tue 09:15", "alice", "types until 11:50"},
    {"1 tue 12:45", "alice", "types until 16:20"},
    {"1 tue 16:30", "alice", "says !devbox down"},
    // A tab that is open the whole day.
    {"1 wed 09:00", "alice", "says !devbox up"},
    {"1 wed 09:05", "alice", "types until 10:00"},
    {"1 wed 10:00", "alice", "reads until 18:00"},
    // A reminder that is answered.
    {"1 thu 09:00", "alice", "says !devbox up"},
    {"1 thu 09:05", "alice", "types until 12:00"},
    {"1 thu 12:35", "alice", "says !devbox extend 2h"},
    {"1 fri 09:00", "alice", "says !devbox up"},
    {"1 fri 09:05", "alice", "types until 15:00"},
    {"1 fri 15:05", "alice", "says !devbox down"},
    {"3 mon 09:00", "alice", "says !devbox up"},
    {"3 mon 09:05", "alice", "types until 12:30"},
    // Into November, which begins at one o'clock.
    {"3 sat 22:30", "alice", "says !devbox up"},
    {"3 sat 22:35", "alice", "types until 23:20"},
    {"3 sat 23:20", "alice", "reads until sun 03:00"},
    {"4 tue 09:00", "alice", "says !devbox up"},
    {"4 tue 09:05", "alice", "types until 11:00"},
    {"4 tue 11:35", "alice", "says !devbox snooze 30m"},
};

const std::vector<Row> bob = {
    // Builds at night, one by a program that nobody knows.
    {"1 mon 20:00", "bob", "says !devbox up cpx42"},
    {"1 mon 20:05", "bob", "types until 22:50"},
    {"1 mon 22:50", "bob", "builds until tue 02:30"},
    {"1 wed 22:00", "bob", "says !devbox up cpx42"},
    {"1 wed 22:05", "bob", "types until 22:30"},
    {"1 wed 22:30", "bob", "computes until thu 04:00"},
    // A lease that the workspace itself holds.
    {"2 fri 23:00", "bob", "says !devbox up cpx42"},
    {"2 fri 23:05", "bob", "types until 23:10"},
    {"2 fri 23:05", "bob", "leases until sat 06:00"},
    // A build that is longer than the cap.
    {"3 fri 10:00", "bob", "says !devbox up cpx42"},
    {"3 fri 10:05", "bob", "builds until sat 12:00"},
    // A stop that he takes back, for a build runs.
    {"4 thu 20:00", "bob", "says !devbox up cpx42"},
    {"4 thu 20:05", "bob", "types until 20:30"},
    {"4 thu 20:30", "bob", "builds until 21:15"},
    {"4 thu 21:10", "bob", "says !devbox down"},
    {"4 thu 21:12", "bob", "says !devbox no"},
};

const std::vector<Row> carol = {
    // A tab that is open over the weekend.
    {"1 fri 13:00", "carol", "says !devbox up"},
    {"1 fri 13:05", "carol", "types until 17:00"},
    {"1 fri 17:00", "carol", "reads until 2 mon 08:55"},
    {"2 mon 09:00", "carol", "says !devbox up"},
    {"2 mon 09:05", "carol", "types until 12:00"},
    {"2 mon 12:00", "carol", "reads until 12:55"},
    {"2 mon 12:55", "carol", "types until 17:00"},
    {"2 mon 17:05", "carol", "says !devbox down"},
    // What is not pushed, and nobody answers.
    {"3 tue 08:30", "carol", "says !devbox up"},
    {"3 tue 08:35", "carol", "types until 09:40"},
    {"3 tue 09:30", "carol", "leaves work until 23:00"},
    {"4 wed 09:00", "carol", "says !devbox up"},
    {"4 wed 09:05", "carol", "types until 09:50"},
};

const std::vector<Row> dave = {
    // An agent that is dead for a day, and one for 40 minutes.
    {"1 tue 10:00", "dave", "says !devbox up"},
    {"1 tue 10:05", "dave", "types until 12:00"},
    {"1 tue 12:01", "dave", "is unheard until wed 11:00"},
    {"2 thu 10:00", "dave", "says !devbox up"},
    {"2 thu 10:05", "dave", "types until 11:00"},
    {"2 thu 11:01", "dave", "is unheard until 11:40"},
    // Two hours from when it is up.
    {"4 mon 14:00", "dave", "says !devbox up for 2h"},
    {"4 mon 14:05", "dave", "types until 15:30"},
};

const std::vector<Row> erin = {
    {"1 thu 09:00", "erin", "says !devbox up"},
    {"1 thu 09:05", "erin", "types until 12:00"},
    {"1 thu 12:00", "erin", "reads until 12:25"},
    {"1 thu 12:25", "erin", "types until 16:00"},
    {"1 thu 16:10", "erin", "says !devbox down"},
    // The night in which an hour comes twice.
    {"2 sat 23:30", "erin", "says !devbox up"},
    {"2 sat 23:35", "erin", "types until sun 00:30"},
    {"2 sun 00:30", "erin", "builds until 03:10"},
    {"4 wed 09:00", "erin", "says !devbox up"},
    {"4 wed 09:05", "erin", "types until 09:30"},
    {"4 wed 09:35", "erin", "says !devbox keep until 18:00"},
};

}  // namespace

Setting five_people() {
  Setting setting;
  setting.calendar = Calendar("Europe/Berlin", 2026, 10, 12);
  for (const auto* rows : {&alice, &bob, &carol, &dave, &erin})
    setting.script.insert(setting.script.end(), rows->begin(), rows->end());
  for (const auto* who : {"alice", "bob", "carol", "dave", "erin"})
    for (const auto* end_of_month : {"3 sun 00:59", "4 sun 23:59"})
      setting.script.push_back({end_of_month, who, "says !devbox cost month"});
  return setting;
}

Setting a_day_of_reminders() {
  Setting setting;
  setting.script = {
      {"1 mon 09:00", "alice", "says !devbox up"},
      {"1 mon 09:05", "alice", "types until 10:00"},
      {"1 mon 08:30", "carol", "says !devbox up"},
      {"1 mon 08:35", "carol", "types until 09:40"},
      {"1 mon 09:30", "carol", "leaves work until 23:00"},
      {"1 mon 10:00", "dave", "says !devbox up"},
      {"1 mon 10:05", "dave", "types until 12:00"},
      {"1 mon 12:01", "dave", "is unheard until tue 11:00"},
  };
  return setting;
}

std::vector<Reminder> reminders_of_five() {
  return {
      {"1 mon 12:40", "alice", "idle"}, {"1 mon 18:00", "alice", "idle"},  {"1 mon 18:45", "alice", "last"},
      {"1 tue 03:00", "bob", "idle"},   {"1 tue 03:45", "bob", "last"},    {"1 tue 12:05", "dave", "silence"},
      {"1 tue 12:20", "alice", "idle"}, {"1 wed 09:45", "dave", "last"},   {"1 wed 10:40", "alice", "idle"},
      {"1 wed 11:45", "alice", "last"}, {"1 thu 04:30", "bob", "idle"},    {"1 thu 05:45", "bob", "last"},
      {"1 thu 12:30", "alice", "idle"}, {"1 thu 14:45", "alice", "last"},  {"1 fri 17:40", "carol", "idle"},
      {"1 fri 18:45", "carol", "last"}, {"2 mon 12:40", "carol", "idle"},  {"2 thu 11:05", "dave", "silence"},
      {"2 thu 12:11", "dave", "idle"},  {"2 thu 12:45", "dave", "last"},   {"2 sat 06:30", "bob", "idle"},
      {"2 sat 07:45", "bob", "last"},   {"2 sun 03:40", "erin", "idle"},   {"2 sun 04:15", "erin", "last"},
      {"3 mon 13:00", "alice", "idle"}, {"3 mon 13:45", "alice", "last"},  {"3 tue 10:10", "carol", "idle"},
      {"3 tue 11:15", "carol", "last"}, {"3 tue 11:25", "carol", "moved"}, {"3 tue 12:15", "carol", "last"},
      {"3 sat 09:45", "bob", "last"},   {"3 sun 00:00", "alice", "idle"},  {"3 sun 01:15", "alice", "last"},
      {"4 mon 15:51", "dave", "last"},  {"4 tue 11:30", "alice", "idle"},  {"4 tue 12:45", "alice", "last"},
      {"4 wed 10:20", "carol", "idle"}, {"4 wed 10:45", "carol", "last"},  {"4 wed 18:30", "erin", "idle"},
      {"4 wed 19:45", "erin", "last"},  {"4 thu 21:45", "bob", "idle"},    {"4 thu 22:45", "bob", "last"},
  };
}

Texts servers_of_five() {
  return {
      "alice 1 mon 09:00 – 1 mon 18:55, 10 h, 0.5690", "bob 1 mon 20:00 – 1 tue 03:55, 8 h, 0.8912",
      "alice 1 tue 09:10 – 1 tue 16:30, 8 h, 0.4552",  "dave 1 tue 10:00 – 1 wed 09:56, 24 h, 1.3656",
      "alice 1 wed 09:00 – 1 wed 11:55, 3 h, 0.1707",  "bob 1 wed 22:00 – 1 thu 05:55, 8 h, 0.8912",
      "alice 1 thu 09:00 – 1 thu 14:55, 6 h, 0.3414",  "erin 1 thu 09:00 – 1 thu 16:10, 8 h, 0.4552",
      "alice 1 fri 09:00 – 1 fri 15:05, 7 h, 0.3983",  "carol 1 fri 13:00 – 1 fri 18:55, 6 h, 0.3414",
      "carol 2 mon 09:00 – 2 mon 17:05, 9 h, 0.5121",  "dave 2 thu 10:00 – 2 thu 12:55, 3 h, 0.1707",
      "bob 2 fri 23:00 – 2 sat 07:55, 9 h, 1.0026",    "erin 2 sat 23:30 – 2 sun 04:25, 6 h, 0.3414",
      "alice 3 mon 09:00 – 3 mon 13:55, 5 h, 0.2845",  "carol 3 tue 08:30 – 3 tue 12:25, 4 h, 0.2276",
      "bob 3 fri 10:00 – 3 sat 09:55, 24 h, 2.6736",   "alice 3 sat 22:30 – 3 sun 01:25, 3 h, 0.1707",
      "dave 4 mon 14:00 – 4 mon 16:01, 3 h, 0.1707",   "alice 4 tue 09:00 – 4 tue 12:55, 4 h, 0.2276",
      "carol 4 wed 09:00 – 4 wed 10:55, 2 h, 0.1138",  "erin 4 wed 09:00 – 4 wed 19:55, 11 h, 0.6259",
      "bob 4 thu 20:00 – 4 thu 22:55, 3 h, 0.3342",
  };
}

std::vector<Months> months_of_five() {
  // 42 + 4, 49 + 3, 19 + 2, 27 + 3 and 14 + 11 started hours of €0.0569, bob's of €0.1114.
  return {{"alice", "€2.39", "€0.23"},
          {"bob", "€5.46", "€0.33"},
          {"carol", "€1.08", "€0.11"},
          {"dave", "€1.54", "€0.17"},
          {"erin", "€0.80", "€0.63"}};
}

}  // namespace weeks
