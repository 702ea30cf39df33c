#include "commands/duration.hpp"

#include "commands/request.hpp"
#include "tests/catch.hpp"

using commands::parse_duration;
using namespace std::chrono_literals;

TEST_CASE("a duration is days, hours, minutes and seconds in this order") {
  struct Row {
    std::string text;
    net::Duration duration;
  };
  const Row rows[] = {
      {"90m", 90min},       {"1h30m", 90min},     {"3h", 3h},       {"2d", 48h},    {"45s", 45s},
      {"1d2h3m4s", 93784s}, {"2H", 2h},           {"1H30M", 90min}, {"007m", 7min}, {"366d", 366 * 24h},
      {"1d1s", 86401s},     {"8784h", 366 * 24h}, {"0h5m", 5min},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK(parse_duration(row.text) == row.duration);
  }
}

TEST_CASE("what is not written as a duration is none") {
  for (const std::string text :
       {"",    "3",      "h",   "m5", "18:00", "main", "1h30",  "30m1h", "1h1h", "1.5h",
        "1 h", "3hours", "+3h", "-",  "--3h",  "20ms", "cpx32", "9-18",  "3h ",  "\xC2\xBDh"}) {
    INFO(text);
    CHECK(parse_duration(text) == std::nullopt);
  }
}

TEST_CASE("a duration that cannot be meant is refused with the reason") {
  struct Row {
    std::string text, sentence;
  };
  const Row rows[] = {
      {"-3h", "\"-3h\" is negative; a duration looks like 90m or 1h30m."},
      {"0m", "\"0m\" is no time at all; a duration looks like 90m or 1h30m."},
      {"0d0h", "\"0d0h\" is no time at all; a duration looks like 90m or 1h30m."},
      {"367d", "\"367d\" is longer than a year; a duration looks like 90m or 1h30m."},
      {"366d1s", "\"366d1s\" is longer than a year; a duration looks like 90m or 1h30m."},
      {"99999999999999999999h",
       "\"99999999999999999999h\" is longer than a year; a duration looks like 90m or 1h30m."},
      {"9223372036854775807d9223372036854775807h",
       "\"9223372036854775807d9223372036854775807h\" is longer than a year; a duration looks like 90m or "
       "1h30m."},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK_THROWS_AS(parse_duration(row.text), commands::Error);
    CHECK_THROWS_WITH(parse_duration(row.text), row.sentence);
  }
}
