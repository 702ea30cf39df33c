#include "commands/calendar.hpp"

#include <sstream>

#include "tests/catch.hpp"
#include "tests/commands/utc.hpp"

using namespace commands;
using commands::test::utc;
using commands::test::utc_text;

namespace {

std::vector<std::string> split(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

Schedule schedule_in(const std::string& text) { return parse_schedule(split(text), "UTC"); }

struct ShiftRow {
  const char* schedule;
  const char* now;  ///< UTC, as are from and to
  const char* from;
  const char* to;
};

void check_shifts(const std::vector<ShiftRow>& rows) {
  for (const auto& row : rows) {
    CAPTURE(row.schedule, row.now);
    const auto shift = shift_at(schedule_in(row.schedule), utc(row.now)).value();
    CHECK(utc_text(shift.from) == row.from);
    CHECK(utc_text(shift.to) == row.to);
  }
}

}  // namespace

TEST_CASE("a shift is the one that an instant is in, else the next one") {
  check_shifts({
      {"9-18 mon-fri Europe/Riga", "2026-11-25 09:00", "2026-11-25 07:00", "2026-11-25 16:00"},
      {"9-18 mon-fri Europe/Riga", "2026-11-25 07:00", "2026-11-25 07:00", "2026-11-25 16:00"},
      {"9-18 mon-fri Europe/Riga", "2026-11-25 16:00", "2026-11-26 07:00", "2026-11-26 16:00"},
      {"9-18 mon-fri Europe/Riga", "2026-11-27 16:00", "2026-11-30 07:00", "2026-11-30 16:00"},
      {"9-13 14-18 mon-fri UTC", "2026-11-25 13:30", "2026-11-25 14:00", "2026-11-25 18:00"},
      {"9-18 mon-thu 9-15 fri UTC", "2026-11-27 08:00", "2026-11-27 09:00", "2026-11-27 15:00"},
      {"22-7 sun UTC", "2026-11-30 06:59", "2026-11-29 22:00", "2026-11-30 07:00"},
      {"22-7 sun UTC", "2026-11-30 07:00", "2026-12-06 22:00", "2026-12-07 07:00"},
      {"0-24 mon-sun UTC", "2026-11-30 07:00", "2026-11-30 00:00", "2026-12-01 00:00"},
      {"9-18 mon-fri Pacific/Apia", "2026-11-24 20:00", "2026-11-24 20:00", "2026-11-25 05:00"},
      {"9-17 mon-fri America/New_York", "2026-03-06 00:00", "2026-03-06 14:00", "2026-03-06 22:00"},
      {"9-17 mon-fri America/New_York", "2026-03-09 00:00", "2026-03-09 13:00", "2026-03-09 21:00"},
  });
}

TEST_CASE("a local time that is left out in spring is the instant of the change") {
  check_shifts({
      {"0-24 sun Europe/Riga", "2026-03-29 00:00", "2026-03-28 22:00", "2026-03-29 21:00"},
      {"3:30-9 sun Europe/Riga", "2026-03-29 00:00", "2026-03-29 01:00", "2026-03-29 06:00"},
      {"0-3:30 sun Europe/Riga", "2026-03-29 00:00", "2026-03-28 22:00", "2026-03-29 01:00"},
      {"3:15-3:45 sun Europe/Riga", "2026-03-29 00:00", "2026-04-05 00:15", "2026-04-05 00:45"},
      {"22-7 sat Europe/Riga", "2026-03-28 21:00", "2026-03-28 20:00", "2026-03-29 04:00"},
      {"3:30-9 sun Europe/Riga", "2027-03-28 00:00", "2027-03-28 01:00", "2027-03-28 06:00"},
      {"2:30-10 sun America/New_York", "2026-03-08 00:00", "2026-03-08 07:00", "2026-03-08 14:00"},
      {"2:30-10 sun America/New_York", "2027-03-14 00:00", "2027-03-14 07:00", "2027-03-14 14:00"},
      {"2:15-6 sun Australia/Lord_Howe", "2026-10-03 12:00", "2026-10-03 15:30", "2026-10-03 19:00"},
      {"2:15-6 sun Australia/Lord_Howe", "2027-10-02 12:00", "2027-10-02 15:30", "2027-10-02 19:00"},
      {"2:05-2:25 sun Australia/Lord_Howe", "2026-10-03 12:00", "2026-10-10 15:05", "2026-10-10 15:25"},
  });
}

TEST_CASE("a local time that comes twice in autumn is the first one") {
  check_shifts({
      {"0-24 sun Europe/Riga", "2026-10-25 00:00", "2026-10-24 21:00", "2026-10-25 22:00"},
      {"3:30-9 sun Europe/Riga", "2026-10-25 00:00", "2026-10-25 00:30", "2026-10-25 07:00"},
      {"3:15-3:45 sun Europe/Riga", "2026-10-25 00:20", "2026-10-25 00:15", "2026-10-25 00:45"},
      {"3:15-3:45 sun Europe/Riga", "2026-10-25 01:20", "2026-11-01 01:15", "2026-11-01 01:45"},
      {"22-7 sat Europe/Riga", "2027-10-30 20:00", "2027-10-30 19:00", "2027-10-31 05:00"},
      {"1:30-10 sun America/New_York", "2026-11-01 00:00", "2026-11-01 05:30", "2026-11-01 15:00"},
      {"1:30-10 sun America/New_York", "2027-11-07 00:00", "2027-11-07 05:30", "2027-11-07 15:00"},
      {"1:45-6 sun Australia/Lord_Howe", "2026-04-04 12:00", "2026-04-04 14:45", "2026-04-04 19:30"},
      {"1:45-6 sun Australia/Lord_Howe", "2027-04-03 12:00", "2027-04-03 14:45", "2027-04-03 19:30"},
  });
}

TEST_CASE("a day that a zone has left out has no hours, and the night before ends with it") {
  // Samoa went from 29 to 31 December 2011, over the date line.
  check_shifts({
      {"9-18 fri Pacific/Apia", "2011-12-29 00:00", "2012-01-05 19:00", "2012-01-06 04:00"},
      {"22-7 thu Pacific/Apia", "2011-12-30 09:00", "2011-12-30 08:00", "2011-12-30 10:00"},
      {"22-7 fri Pacific/Apia", "2011-12-30 09:00", "2011-12-30 10:00", "2011-12-30 17:00"},
      {"9-18 sat Pacific/Apia", "2011-12-30 09:00", "2011-12-30 19:00", "2011-12-31 04:00"},
  });
}

TEST_CASE("a time is within hours across midnight and over changes, until they end") {
  struct Row {
    const char* hours;
    const char* zone;
    const char* now;
    const char* until;  ///< "" = not within
  };
  const Row rows[] = {
      {"22-7", "UTC", "2026-11-25 21:59", ""},
      {"22-7", "UTC", "2026-11-25 22:00", "2026-11-26 07:00"},
      {"22-7", "UTC", "2026-11-26 06:59", "2026-11-26 07:00"},
      {"22-7", "UTC", "2026-11-26 07:00", ""},
      {"22-7", "Europe/Riga", "2026-03-28 23:00", "2026-03-29 04:00"},
      {"22-7", "Europe/Riga", "2026-10-25 01:30", "2026-10-25 05:00"},
      {"3:15-3:45", "Europe/Riga", "2026-10-25 00:30", "2026-10-25 00:45"},
      {"3:15-3:45", "Europe/Riga", "2026-10-25 01:30", ""},
      {"3:15-3:45", "Europe/Riga", "2026-03-29 01:00", ""},
      {"0-24", "Australia/Lord_Howe", "2026-04-04 14:00", "2026-04-05 13:30"},
      {"12-13", "Moon/Sea", "2026-11-25 12:30", "2026-11-25 13:00"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.hours, row.zone, row.now);
    const auto hours = parse_hours(row.hours);
    const auto now = utc(row.now);
    CHECK(is_within(hours, now, row.zone) == (*row.until != '\0'));
    CHECK(end_of(hours, now, row.zone) == (*row.until ? utc(row.until) : now));
  }
}

TEST_CASE("hours that begin when others end are one stretch, and a week without a gap has no end") {
  const auto closing = [](const char* text, const char* now) {
    const auto at = closing_after(schedule_in(text), utc(now));
    return at ? utc_text(*at) : "never";
  };
  CHECK(closing("9-18 mon-fri", "2026-11-25 10:00") == "2026-11-25 18:00");
  CHECK(closing("9-18 mon-fri", "2026-11-25 18:00") == "2026-11-26 18:00");
  CHECK(closing("9-18 mon-fri", "2026-11-27 20:00") == "2026-11-30 18:00");
  CHECK(closing("9-13 13-18 mon-fri", "2026-11-25 10:00") == "2026-11-25 18:00");
  CHECK(closing("0-24 mon-fri", "2026-11-25 10:00") == "2026-11-28 00:00");
  CHECK(closing("0-24 sat,sun,mon Europe/Riga", "2026-10-24 10:00") == "2026-10-26 22:00");
  CHECK(closing("0-24 mon-sun", "2026-11-25 10:00") == "never");
  CHECK(closing("9-21 21-9 mon-sun", "2026-11-25 10:00") == "never");
}

TEST_CASE("the first shift of a day is found from any of that day") {
  const auto schedule = schedule_in("22-7 mon-fri 9-13 14-18 mon-fri Europe/Riga");
  const auto first = first_of_day(schedule, utc("2026-11-25 12:00"));
  CHECK(utc_text(first.from) == "2026-11-25 07:00");
  CHECK(first_of_day(schedule, utc("2026-11-25 20:00")) == first);
  CHECK(first_of_day(schedule, first.from) == first);
  CHECK(date_text(utc("2026-11-25 22:30"), "Europe/Riga") == "2026-11-26");
}

TEST_CASE("a time of day is the next such instant") {
  struct Row {
    const char* text;
    const char* zone;
    const char* now;
    const char* then;
  };
  const Row rows[] = {
      {"18:00", "UTC", "2026-11-25 09:00", "2026-11-25 18:00"},
      {"18:00", "UTC", "2026-11-25 18:00", "2026-11-26 18:00"},
      {"9", "Europe/Riga", "2026-11-25 06:59", "2026-11-25 07:00"},
      {"24:00", "UTC", "2026-11-25 09:00", "2026-11-26 00:00"},
      {"0:00", "UTC", "2026-11-25 09:00", "2026-11-26 00:00"},
      {"today 18:00", "UTC", "2026-11-25 09:00", "2026-11-25 18:00"},
      {"tomorrow 9", "UTC", "2026-11-25 08:00", "2026-11-26 09:00"},
      {"Tomorrow 18:30", "Europe/Riga", "2026-11-25 22:30", "2026-11-27 16:30"},
      {"wed 18:00", "UTC", "2026-11-25 09:00", "2026-11-25 18:00"},
      {"wed 8", "UTC", "2026-11-25 09:00", "2026-12-02 08:00"},
      {"friday 8", "UTC", "2026-11-25 09:00", "2026-11-27 08:00"},
      {"3:30", "Europe/Riga", "2026-03-29 00:00", "2026-03-29 01:00"},
      {"3:30", "Europe/Riga", "2026-03-29 01:00", "2026-03-30 00:30"},
      {"3:30", "Europe/Riga", "2026-10-25 00:00", "2026-10-25 00:30"},
      {"3:30", "Europe/Riga", "2026-10-25 00:40", "2026-10-25 01:30"},
      {"1:45", "Australia/Lord_Howe", "2027-04-03 14:50", "2027-04-03 15:15"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text, row.zone, row.now);
    CHECK(utc_text(parse_clock(row.text, utc(row.now), row.zone)) == row.then);
  }
}

TEST_CASE("what is no time of day is refused with how one is written") {
  const std::string how = "; it is written like 18:00, 9, tomorrow 9 or fri 18:00.";
  for (const std::string text : {"25:00", "18:60", "soon", "", "9:5", "-9", "yesterday 9", "tomorrow", "9 9",
                                 "24:01", "18.00", "0x9", "123"})
    CHECK_THROWS_WITH(parse_clock(text, utc("2026-11-25 09:00"), "UTC"),
                      "\"" + text + "\" is no time of day" + how);
  CHECK_THROWS_WITH(parse_clock("today 9", utc("2026-11-25 09:00"), "UTC"), "\"today 9\" is over" + how);
}
