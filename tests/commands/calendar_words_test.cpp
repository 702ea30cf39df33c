#include <sstream>

#include "commands/calendar.hpp"
#include "tests/catch.hpp"

using namespace commands;

namespace {

Schedule read_schedule(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return parse_schedule(words, "Europe/Riga");
}

/// The sentence it is refused with; "" when it is taken.
std::string refusal_of(const std::string& text) {
  try {
    read_schedule(text);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("hours are read as people write them, and said in one way") {
  const std::pair<const char*, const char*> rows[] = {
      {"9-18", "9:00-18:00"},       {"08:30-17:00", "8:30-17:00"}, {"22-7", "22:00-7:00"},
      {"0-24", "0:00-24:00"},       {"22-0", "22:00-24:00"},       {"22-24", "22:00-24:00"},
      {"23:59-0:01", "23:59-0:01"}, {"9:00-9:01", "9:00-9:01"},    {"9:01-9", "9:01-9:00"},
  };
  for (const auto& [text, said] : rows) {
    CAPTURE(text);
    CHECK(hours_text(parse_hours(text)) == said);
    CHECK(parse_hours(said) == parse_hours(text));
  }
  CHECK(parse_hours("22-7") == Hours{22 * 60, 7 * 60});
}

TEST_CASE("phones put spaces around a hyphen, and days have names together") {
  CHECK(schedule_text(read_schedule("9 - 18 weekdays")) == schedule_text(read_schedule("9-18 mon-fri")));
  CHECK(schedule_text(read_schedule("8:30- 17 daily")) == schedule_text(read_schedule("8:30-17 mon-sun")));
}

TEST_CASE("hours that cannot be meant are refused in one sentence with how they are written") {
  const std::string how = "; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24.";
  const std::pair<std::string, std::string> rows[] = {
      {"9-9", "\"9-9\" is no time at all"},
      {"0-0", "\"0-0\" is no time at all"},
      {"25:00", "\"25:00\" is no time of day"},
      {"25:00-26:00", "\"25:00\" is no time of day"},
      {"9-25", "\"25\" is no time of day"},
      {"9-18:60", "\"18:60\" is no time of day"},
      {"24-6", "\"24\" is no time of day to begin at"},
      {"9", "\"9\" has no end"},
      {"9-", "\"9-\" has no end"},
      {"-18", "\"-18\" has no beginning"},
      {"9-18-20", "\"18-20\" is no time of day"},
      {"9:5-18", "\"9:5\" is no time of day"},
      {"lunch", "\"lunch\" is no time of day"},
      {"99999999999-3", "\"99999999999\" is no time of day"},
      {"", "\"\" is no time of day"},
  };
  for (const auto& [text, why] : rows) CHECK_THROWS_WITH(parse_hours(text), why + how);
}

TEST_CASE("a schedule is hours and their days, as often as wished, and a zone") {
  const std::pair<const char*, const char*> rows[] = {
      {"9-18", "9:00-18:00 mon-fri Europe/Riga"},
      {"9-18 mon-fri", "9:00-18:00 mon-fri Europe/Riga"},
      {"9-18 mon-fri utc", "9:00-18:00 mon-fri UTC"},
      {"9-18 Mon-Fri america/new_york", "9:00-18:00 mon-fri America/New_York"},
      {"9-13 14-18 mon-fri", "9:00-13:00 14:00-18:00 mon-fri Europe/Riga"},
      {"9-18 mon-thu 9-15 fri", "9:00-18:00 mon-thu 9:00-15:00 fri Europe/Riga"},
      {"9-18 mon,wed,fri", "9:00-18:00 mon,wed,fri Europe/Riga"},
      {"9-18 mon, wed, fri", "9:00-18:00 mon,wed,fri Europe/Riga"},
      {"9-13,14-18", "9:00-13:00 14:00-18:00 mon-fri Europe/Riga"},
      {"9-18 fri-mon", "9:00-18:00 mon,fri-sun Europe/Riga"},
      {"9-18 monday Tues thur-saturday", "9:00-18:00 mon-tue,thu-sat Europe/Riga"},
      {"9-18 mon mon-tue", "9:00-18:00 mon-tue Europe/Riga"},
      {"0-24 mon-sun", "0:00-24:00 mon-sun Europe/Riga"},
      {"22-7 sun 7-9 mon", "22:00-7:00 sun 7:00-9:00 mon Europe/Riga"},
      {"9-18 mon Etc/GMT+2", "9:00-18:00 mon Etc/GMT+2"},
  };
  for (const auto& [text, said] : rows) {
    CAPTURE(text);
    CHECK(schedule_text(read_schedule(text)) == said);
    CHECK(read_schedule(said) == read_schedule(text));
  }
}

TEST_CASE("a schedule that cannot be meant is refused in one sentence") {
  const std::string like = "; a schedule is written like 9-18 mon-fri Europe/Riga.";
  const std::string follow = "; hours follow one another, as in 9-13 14-18 mon-fri.";
  const std::string days = "; days are written like mon-fri, sat or mon,wed,fri.";
  const std::pair<std::string, std::string> rows[] = {
      {"", "There are no hours in it" + like},
      {"UTC", "There are no hours in it" + like},
      {"mon-fri", "\"mon-fri\" stands before any hours" + like},
      {"mon-fri 9-18", "\"mon-fri\" stands before any hours" + like},
      {"Europe/Riga 9-18", "\"Europe/Riga\" stands too early: the zone comes last" + like},
      {"9-18 Riga", "There is no time zone \"Riga\"; did you mean Europe/Riga?"},
      {"9-18 mon-fri Europe/Rigga", "There is no time zone \"Europe/Rigga\"; did you mean Europe/Riga?"},
      {"9-18 mon-fri Moon/Sea_of_Rains",
       "There is no time zone \"Moon/Sea_of_Rains\"; they are written like Europe/Riga."},
      {"9-18 mun", "\"mun\" is no day" + days},
      {"9-18 mun UTC", "\"mun\" is no day" + days},
      {"9-18 mo-fr", "\"mo-fr\" is no day" + days},
      {"9-18 weekly", "\"weekly\" is no day and no time zone" + like},
      {"9-9 mon", "\"9-9\" is no time at all; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24."},
      {"9-18 mon 10", "\"10\" has no end; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24."},
      {"9-18 14-20 mon-fri", "9:00-18:00 and 14:00-20:00 overlap on mon" + follow},
      {"9-18 mon-fri 17-20 fri", "9:00-18:00 and 17:00-20:00 overlap on fri" + follow},
      {"22-7 mon 6-9 tue", "22:00-7:00 and 6:00-9:00 overlap on tue" + follow},
      {"6-9 mon 22-7 sun", "22:00-7:00 and 6:00-9:00 overlap on mon" + follow},
      {"9-18 mon 9-18 mon", "9:00-18:00 and 9:00-18:00 overlap on mon" + follow},
      {"8-7 mon-sun 7:30-7:45 wed", ""},
  };
  for (const auto& [text, why] : rows) {
    CAPTURE(text);
    CHECK(refusal_of(text) == why);
  }
  CHECK(refusal_of("9-18 " + std::string(100, 'x')).size() < 140);
}

TEST_CASE("a word of a schedule is told by itself") {
  CHECK(kind_of("9-18") == ScheduleWord::hours);
  CHECK(kind_of("25:00") == ScheduleWord::hours);
  CHECK(kind_of("-9") == ScheduleWord::hours);
  CHECK(kind_of("mon-fri") == ScheduleWord::days);
  CHECK(kind_of("mon,tue") == ScheduleWord::days);
  CHECK(kind_of("europe/riga") == ScheduleWord::zone);
  CHECK(kind_of("UTC") == ScheduleWord::zone);
  CHECK(kind_of("main") == ScheduleWord::other);
  CHECK(kind_of(",") == ScheduleWord::other);
}
