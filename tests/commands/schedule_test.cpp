#include "tests/catch.hpp"
#include "tests/commands/office.hpp"
#include "tests/commands/person.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::answer_to;
using commands::test::Office;
using commands::test::Texts;

TEST_CASE("working hours are set, shown and ended, and what comes next is said") {
  Office office;
  office.at("2026-11-27 20:00");
  CHECK(answer_to(office, "schedule") ==
        "alice has no working hours. !devbox schedule 9-18 mon-fri sets some.");
  const std::string set =
      "alice's hours are 9:00-18:00 mon-fri Europe/Riga: it starts at Mon 08:55 to be ready at 09:00, and "
      "stops "
      "at 18:00. !devbox schedule off ends that.";
  CHECK(answer_to(office, "schedule 9-18 mon-fri Europe/Riga") == set);
  CHECK(answer_to(office, "schedule") == set);
  CHECK(answer_to(office, "schedule main") == set);
  CHECK(answer_to(office, "status") ==
        "– alice is down · it has neither volume nor address\n"
        "  starts by itself at Mon 06:55\n  !devbox up brings it up");
  const auto kept = office.row().policy["schedule"];
  CHECK(kept["text"] == "9:00-18:00 mon-fri Europe/Riga");
  CHECK(kept["person"] == office.alice);
  CHECK(kept["chat"] == "console");
  CHECK(kept["room"] == "#dev");
  CHECK(office.walk_until("2026-11-30 20:00") == Texts{"2026-11-30 06:55"});
  CHECK(
      answer_to(office, "schedule off") ==
      "alice has no working hours any more: it starts when somebody says so, and stops when nobody uses it.");
  CHECK(answer_to(office, "schedule OFF") ==
        "alice has no working hours. !devbox schedule 9-18 mon-fri sets some.");
  CHECK_FALSE(office.row().policy.contains("schedule"));
  CHECK(office.call() == "never");
}

TEST_CASE("hours that have begun act at once") {
  Office office;
  office.at("2026-11-26 11:00");
  CHECK(answer_to(office, "schedule 9-18") ==
        "alice's hours are 9:00-18:00 mon-fri UTC: it starts now, and stops at 18:00. !devbox schedule off "
        "ends "
        "that.");
  CHECK(office.call() == "2026-11-27 08:55");
  CHECK(office.begun() == Texts{"2026-11-26 11:00"});
}

TEST_CASE("of what is up the stop comes first") {
  Office office;
  office.at("2026-11-26 11:00");
  office.comes_up();
  CHECK(answer_to(office, "schedule 9-18 mon-fri") ==
        "alice's hours are 9:00-18:00 mon-fri UTC: it stops at 18:00, and starts at Fri 08:55 to be ready at "
        "09:00. !devbox schedule off ends that.");
  CHECK(answer_to(office, "schedule 0-24 mon-sun") ==
        "alice's hours are 0:00-24:00 mon-sun UTC: it stops only when nobody uses it, and after a day. "
        "!devbox schedule off ends that.");
}

TEST_CASE("times of a schedule are read in its person's zone") {
  Office office;
  office.at("2026-11-26 00:00");
  office.storage.people.set_timezone(office.alice, "America/New_York");
  CHECK(answer_to(office, "schedule 9-18 mon-fri")
            .starts_with(
                "alice's hours are 9:00-18:00 mon-fri America/New_York: it starts at Thu 08:55 to be "));
}

TEST_CASE("a workspace is named before or after its hours") {
  Office office;
  office.at("2026-11-25 20:00");
  const auto web = office.another("web");
  const auto sun = office.another("sun");
  const auto text_of = [&](std::int64_t id) {
    return office.storage.workspaces.find(id)
        ->policy.value("schedule", nlohmann::json::object())
        .value("text", "");
  };
  CHECK(answer_to(office, "schedule web 9-17").ends_with(" !devbox schedule off web ends that."));
  CHECK(text_of(web) == "9:00-17:00 mon-fri UTC");
  answer_to(office, "schedule 9-16 mon-fri UTC web");
  CHECK(text_of(web) == "9:00-16:00 mon-fri UTC");
  answer_to(office, "schedule sun 9-15 sun");
  CHECK(text_of(sun) == "9:00-15:00 sun UTC");
  answer_to(office, "schedule 9-14 sun");
  CHECK(text_of(office.workspace) == "9:00-14:00 sun UTC");
  answer_to(office, "schedule off web");
  CHECK(text_of(web).empty());
  answer_to(office, "schedule sun off");
  CHECK(text_of(sun).empty());
}

TEST_CASE("what cannot be meant is refused in one sentence, and changes nothing") {
  Office office;
  office.at("2026-11-25 20:00");
  const std::pair<std::string, std::string> rows[] = {
      {"schedule 9-9", "\"9-9\" is no time at all; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24."},
      {"schedule 25:00-26:00",
       "\"25:00\" is no time of day; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24."},
      {"schedule 9-18 mon-fri Riga", "There is no time zone \"Riga\"; did you mean Europe/Riga?"},
      {"schedule mon-fri",
       "\"mon-fri\" stands before any hours; a schedule is written like 9-18 mon-fri Europe/Riga."},
      {"schedule UTC", "There are no hours in it; a schedule is written like 9-18 mon-fri Europe/Riga."},
      {"schedule 9-18 14-20 mon",
       "9:00-18:00 and 14:00-20:00 overlap on mon; hours follow one another, as in 9-13 14-18 mon-fri."},
      {"schedule web 9-18",
       "You have no workspace \"web\" yet; !devbox up web makes one, and !devbox status lists yours."},
      {"schedule off web",
       "You have no workspace \"web\" yet; !devbox up web makes one, and !devbox status lists yours."},
      {"quiet 9-9", "\"9-9\" is no time at all; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24."},
      {"quiet 22", "\"22\" has no end; hours are written like 9-18, 8:30-17:00, 22-7 or 0-24."},
      {"quiet 22-7 sat", "`quiet` takes hours or `off`, as in quiet 22-7; nothing was changed."},
  };
  for (const auto& [line, answer] : rows) CHECK(answer_to(office, line) == answer);
  CHECK(office.row().policy == nlohmann::json::object());
  CHECK(office.storage.people.find(office.alice)->quiet.empty());
  CHECK(answer_to(office, "schedule 9-18", "bob") == "You have no workspace yet. !devbox up makes one.");
}

TEST_CASE("several workspaces, none of them main, have to be told apart") {
  Office office;
  const auto bob = office.storage.people.ensure("console", "bob").id;
  for (const auto* name : {"api", "web"}) {
    storage::WorkspaceRow row;
    row.owner = bob;
    row.name = name;
    row.hostname = std::string("bob-") + name;
    office.storage.workspaces.add(row);
  }
  CHECK(answer_to(office, "schedule 9-18", "bob") ==
        "You have several workspaces; say which: api, web. Nothing was done.");
  CHECK(answer_to(office, "schedule 9-18 api", "bob")
            .starts_with("bob-api's hours are 9:00-18:00 mon-fri UTC: "));
}

TEST_CASE("quiet hours are a person's own, and the configuration's where none were said") {
  Office office;
  office.at("2026-11-25 20:00");
  const std::string all_the_same = ". What is to stop stops all the same. !devbox quiet off ends that.";
  const std::string any_time =
      "Reminders come to you at any time. !devbox quiet 22-7 keeps them away from 22:00 to 7:00.";
  CHECK(answer_to(office, "quiet") == any_time);
  office.settings.policy.idle.quiet = "19-7";
  CHECK(answer_to(office, "quiet") ==
        "Reminders do not come to you in 19:00-7:00 (UTC), as nothing else was said; it is quiet now, until "
        "Thu "
        "07:00" +
            all_the_same);
  CHECK(answer_to(office, "quiet 23-6:30") ==
        "Reminders do not come to you in 23:00-6:30 (UTC)" + all_the_same);
  CHECK(answer_to(office, "timezone Asia/Kolkata")
            .starts_with("Your times are shown and read in Asia/Kolkata"));
  CHECK(answer_to(office, "quiet") ==
        "Reminders do not come to you in 23:00-6:30 (Asia/Kolkata); it is quiet now, until 06:30" +
            all_the_same);
  const auto alice = [&] { return office.storage.people.find(office.alice).value(); };
  CHECK(is_quiet(office.world, alice(), office.clock.now()));
  CHECK(quiet_until(office.world, alice(), office.clock.now()) == test::utc("2026-11-26 01:00"));
  CHECK(answer_to(office, "quiet OFF") == any_time);
  CHECK(alice().quiet == "off");
  CHECK_FALSE(is_quiet(office.world, alice(), office.clock.now()));
  CHECK(quiet_until(office.world, alice(), office.clock.now()) == office.clock.now());
}
