#include <algorithm>

#include "tests/catch.hpp"
#include "tests/weeks/crash.hpp"

using namespace weeks;

namespace {

/// From Monday, 19 October 2026 on, in Berlin. Alice's hours are 9-18 in Riga, which are 8-17 in Berlin, also
/// after the night to the first Sunday, in which summer time ends in both.
Setting people_with_hours() {
  Setting setting;
  setting.script = {
      {"1 mon 06:30", "alice", "says !devbox up"},
      {"1 mon 06:35", "alice", "says !devbox schedule 9-18 mon-fri Europe/Riga"},
      {"1 mon 06:40", "alice", "says !devbox down"},
      {"1 mon 08:05", "alice", "types until 15:00"},
      // At work when her hours end, and nobody answers; then again, and she has gone.
      {"1 tue 08:05", "alice", "types until 18:30"},
      {"1 wed 10:40", "alice", "types until 12:00"},
      // She answers the last reminder.
      {"1 thu 09:00", "alice", "types until 16:55"},
      {"1 thu 16:52", "alice", "says !devbox extend 1h"},
      // A holiday: it starts, and nobody comes.
      {"2 mon 08:05", "alice", "types until 16:58"},
      {"2 tue 09:00", "alice", "says !devbox schedule off"},
      {"1 mon 19:55", "bob", "says !devbox up"},
      {"1 mon 19:58", "bob", "says !devbox quiet 22-7"},
      {"1 mon 20:05", "bob", "types until 22:30"},
      // In quiet hours what runs is given an hour, and what is only not pushed is not asked about.
      {"1 tue 20:00", "bob", "says !devbox up for 3h"},
      {"1 tue 20:05", "bob", "builds until 23:30"},
      {"1 sat 22:30", "bob", "says !devbox up"},
      {"1 sat 22:35", "bob", "leaves work until sun 12:00"},
      // Her last reminder is answered by the word of its button.
      {"1 mon 09:00", "carol", "says !devbox up"},
      {"1 mon 09:05", "carol", "types until 10:00"},
      {"1 mon 10:50", "carol", "says !devbox snooze 30m"},
      {"1 mon 11:46", "carol", "says !devbox down"},
      // He comes back after the last report before the stop.
      {"1 fri 09:00:20", "dave", "says !devbox up"},
      {"1 fri 09:05", "dave", "types until 09:30"},
      {"1 fri 10:55:10", "dave", "types until 11:10"},
      {"1 wed 06:30", "carol", "says !devbox up"},
      {"1 wed 06:35", "carol", "types until 06:50"},
  };
  return setting;
}

Texts reminders_with(const Weeks& story, const std::string& person) {
  Texts all;
  for (const auto& one : story.said())
    if (one.room == person && one.key.starts_with("idle/"))
      all.push_back(story.calendar().text(one.at) + " " + one.key.substr(one.key.rfind('/') + 1));
  return all;
}

Texts said_at(const Weeks& story, const std::string& person, const std::string& minute) {
  Texts all;
  for (const auto& one : story.said())
    if (one.room == person && story.calendar().text(one.at) == minute) all.push_back(one.text);
  return all;
}

Texts servers_of(Weeks& story, const std::string& person) {
  auto all = servers(story);
  std::erase_if(all, [&](const auto& line) { return !line.starts_with(person + " "); });
  return all;
}

}  // namespace

TEST_CASE("hours, quiet nights, answers and a host that slept: every start, reminder and stop") {
  Weeks story(people_with_hours());
  story.run_until("1 wed 07:00");
  story.sleep_until("1 wed 10:30");
  story.run_until("2 thu 12:00");
  CHECK(servers_of(story, "alice") ==
        Texts{"alice 1 mon 06:30 – 1 mon 06:40, 1 h, 0.0569", "alice 1 mon 07:58 – 1 mon 16:53, 9 h, 0.5121",
              "alice 1 tue 07:58 – 1 tue 19:00, 12 h, 0.6828", "alice 1 wed 10:30 – 1 wed 13:25, 3 h, 0.1707",
              "alice 1 thu 07:58 – 1 thu 17:52, 10 h, 0.5690", "alice 1 fri 07:58 – 1 fri 09:53, 2 h, 0.1138",
              "alice 2 mon 07:58 – 2 mon 18:00, 11 h, 0.6259",
              "alice 2 tue 07:58 – 2 tue 09:53, 2 h, 0.1138"});
  CHECK(reminders_with(story, "alice") ==
        Texts{"1 mon 15:30 idle", "1 mon 16:43 last", "1 tue 16:50 last", "1 tue 17:00 moved",
              "1 tue 17:50 last", "1 tue 18:00 moved", "1 tue 18:50 last", "1 wed 12:30 idle",
              "1 wed 13:15 last", "1 thu 08:29 idle", "1 thu 16:50 last", "1 thu 17:42 last",
              "1 fri 08:29 idle", "1 fri 09:43 last", "2 mon 16:50 last", "2 mon 17:00 moved",
              "2 mon 17:50 last", "2 tue 08:29 idle", "2 tue 09:43 last"});
  CHECK(servers_of(story, "bob") == Texts{"bob 1 mon 19:55 – 1 mon 23:50, 4 h, 0.2276",
                                          "bob 1 tue 20:00 – 1 wed 00:01, 5 h, 0.2845",
                                          "bob 1 sat 22:30 – 1 sun 00:25, 2 h, 0.1138"});
  CHECK(reminders_with(story, "bob") == Texts{});
  CHECK(servers_of(story, "dave") == Texts{"dave 1 fri 09:00 – 1 fri 12:55, 4 h, 0.2276"});
  CHECK(reminders_with(story, "dave") ==
        Texts{"1 fri 10:00 idle", "1 fri 10:45 last", "1 fri 11:40 idle", "1 fri 12:45 last"});
  CHECK(said_at(story, "dave", "1 fri 10:55") ==
        Texts{"dave goes down (idle since 09:30): files are written out, then the server is deleted; volume "
              "and address stay",
              "dave stays up, for it is in use again (keystroke on pts/0)."});
  CHECK(servers_of(story, "carol") == Texts{"carol 1 mon 09:00 – 1 mon 11:46, 3 h, 0.1707",
                                            "carol 1 wed 06:30 – 1 wed 12:25, 6 h, 0.3414"});
  CHECK(reminders_with(story, "carol") ==
        Texts{"1 mon 10:30 idle", "1 mon 11:45 last", "1 wed 11:00 idle", "1 wed 12:15 last"});
}
