#include "commands/times.hpp"

#include "tests/catch.hpp"

using namespace commands;
using namespace std::chrono_literals;

namespace {

/// 2026-11-25, a Wednesday, 09:30 UTC.
const net::Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 9h + 30min;

}  // namespace

TEST_CASE("a length of time is said as people say it") {
  const std::pair<net::Duration, std::string> rows[] = {
      {0ms, "0 s"},   {400ms, "0 s"},         {1600ms, "2 s"}, {45s, "45 s"},
      {99s, "99 s"},  {100s, "2 min"},        {3min, "3 min"}, {59min, "59 min"},
      {60min, "1 h"}, {90min, "1 h 30 min"},  {2h, "2 h"},     {23h + 59min, "23 h 59 min"},
      {24h, "1 day"}, {47h + 59min, "1 day"}, {48h, "2 days"}, {9 * 24h, "9 days"},
  };
  for (const auto& [time, text] : rows) CHECK(span_text(time) == text);
}

TEST_CASE("a time of day is said in the zone of whoever reads it, with the day when it is another") {
  CHECK(clock_text(now, now, "UTC") == "09:30");
  CHECK(clock_text(now, now, "Europe/Riga") == "11:30");
  CHECK(clock_text(now + 14h, now, "UTC") == "23:30");
  CHECK(clock_text(now + 14h, now, "Europe/Riga") == "Thu 01:30");
  CHECK(clock_text(now + 15h, now, "UTC") == "Thu 00:30");
  CHECK(clock_text(now + 6 * 24h, now, "UTC") == "Tue 09:30");
  CHECK(clock_text(now + 7 * 24h, now, "UTC") == "2026-12-02 09:30");
  CHECK(clock_text(now - 24h, now, "UTC") == "2026-11-24 09:30");
}

TEST_CASE("a zone that nobody knows is read as UTC") { CHECK(clock_text(now, now, "Moon/Sea") == "09:30"); }

TEST_CASE("a zone is found in whatever case, and the one that was meant is proposed") {
  CHECK(find_zone("Europe/Riga") == "Europe/Riga");
  CHECK(find_zone("europe/riga") == "Europe/Riga");
  CHECK(find_zone("UTC") == "UTC");
  CHECK(find_zone("Riga") == std::nullopt);
  CHECK(find_zone("") == std::nullopt);
  CHECK(find_zone("../../etc/passwd") == std::nullopt);
  CHECK(nearest_zone("Riga") == "Europe/Riga");
  CHECK(nearest_zone("Europe/Rigga") == "Europe/Riga");
  CHECK(nearest_zone("amercia/new_york") == "America/New_York");
  CHECK(nearest_zone("Moon/Sea_of_Rains") == std::nullopt);
}
