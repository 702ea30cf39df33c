#include "commands/starts.hpp"

#include "tests/catch.hpp"
#include "tests/commands/office.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::Office;
using commands::test::Texts;
using commands::test::utc;
using commands::test::utc_text;

TEST_CASE("a workspace starts so early that it is ready when its hours begin") {
  Office office;
  office.at("2026-11-25 17:00");
  CHECK(office.starts->begin_due() == std::nullopt);
  office.hours("9-18 mon-fri Europe/Riga");
  CHECK(office.call() == "2026-11-26 06:55");
  office.at("2026-11-26 06:54");
  CHECK(office.call() == "2026-11-26 06:55");
  CHECK(office.begun().empty());
  office.at("2026-11-26 06:55");
  CHECK(office.call() == "2026-11-27 06:55");
  const auto row = office.storage.journal.recent_of(office.workspace, "up", 1).at(0);
  CHECK(row.origin == "schedule:" + std::to_string(office.workspace) + ":2026-11-26");
  CHECK(row.id == storage::operation_id(row.origin));
  CHECK(row.state == "queued");
  CHECK(row.request.get<Request>().verb == "up");
  CHECK(row.request.get<Request>().words == Texts{"main"});
  CHECK(row.actor == office.alice);
  CHECK(row.chat == "console");
  CHECK(row.room == "#dev");
  CHECK(row.thread == "t1");
  CHECK(row.created == office.clock.now());
  const auto audit = office.storage.audit.last(1).at(0);
  CHECK(audit.command == "up");
  CHECK(audit.operation == row.id);
  CHECK(audit.result == "begun by its working hours");
}

TEST_CASE("what is begun unasked says why") {
  Office office;
  office.at("2026-11-26 12:00");
  office.hours("9-18 mon-fri UTC");
  office.call();
  const auto row = office.storage.journal.recent_of(office.workspace, "up", 1).at(0);
  CHECK(why_it_starts(office.world, row) ==
        "\n  it starts by its hours, 9:00-18:00 mon-fri UTC; !devbox schedule off ends that");
  CHECK(why_it_starts(office.world, office.begun_by("console/m1", "up")).empty());
}

TEST_CASE("a start begins as long before as nine of ten of the last took, in whole minutes") {
  Office office;
  auto& journal = office.storage.journal;
  CHECK(lead_of(journal) == 5min);
  office.took(93s);
  CHECK(lead_of(journal) == 2min);
  office.took(2s);
  CHECK(lead_of(journal) == 2min);
  for (int i = 0; i < 8; ++i) office.took(181s);
  CHECK(lead_of(journal) == 4min);
  office.took(400s);
  for (int i = 0; i < 9; ++i) office.took(30s);
  CHECK(lead_of(journal) == 4min);
  for (int i = 0; i < 19; ++i) office.took(10s);
  CHECK(lead_of(journal) == 1min);
  for (int i = 0; i < 3; ++i) office.took(1h);
  CHECK(lead_of(journal) == 20min);
  office.at("2026-11-25 17:00");
  office.hours("9-18 mon-fri Europe/Riga");
  CHECK(office.call() == "2026-11-26 06:40");
}

TEST_CASE("over both changes of summer time the same time of day is kept") {
  struct Row {
    const char* hours;
    const char* from;
    const char* until;
    Texts begun;  ///< UTC
  };
  const std::vector<Row> rows = {
      {"9-18 mon-sun Europe/Riga",
       "2026-03-27 20:00",
       "2026-03-30 12:00",
       {"2026-03-28 06:55", "2026-03-29 05:55", "2026-03-30 05:55"}},
      {"9-18 mon-sun Europe/Riga",
       "2026-10-23 20:00",
       "2026-10-26 12:00",
       {"2026-10-24 05:55", "2026-10-25 06:55", "2026-10-26 06:55"}},
      {"3:30-9 sun Europe/Riga",
       "2027-03-27 12:00",
       "2027-04-05 00:00",
       {"2027-03-28 00:55", "2027-04-04 00:25"}},
      {"3:30-9 sun Europe/Riga",
       "2027-10-30 12:00",
       "2027-11-08 00:00",
       {"2027-10-31 00:25", "2027-11-07 01:25"}},
      {"2:30-9 sun America/New_York",
       "2026-03-07 12:00",
       "2026-03-16 00:00",
       {"2026-03-08 06:55", "2026-03-15 06:25"}},
      {"1:45-6 sun Australia/Lord_Howe",
       "2026-04-04 12:00",
       "2026-04-12 12:00",
       {"2026-04-04 14:40", "2026-04-11 15:10"}},
      {"2:15-6 sun Australia/Lord_Howe",
       "2026-10-03 12:00",
       "2026-10-11 12:00",
       {"2026-10-03 15:25", "2026-10-10 15:10"}},
      {"9-18 fri Pacific/Apia", "2011-12-28 00:00", "2012-01-07 00:00", {"2012-01-05 18:55"}},
      {"22-6 mon-fri UTC",
       "2026-11-26 23:00",
       "2026-12-01 12:00",
       {"2026-11-26 23:00", "2026-11-27 21:55", "2026-11-30 21:55"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.hours, row.from);
    Office office;
    office.at(row.from);
    office.hours(row.hours);
    CHECK(office.walk_until(row.until) == row.begun);
  }
}

TEST_CASE("after an outage a start that was missed is made up for only while it is of use") {
  struct Row {
    const char* hours;
    const char* back;  ///< when the bot is there again
    Texts begun;
  };
  const std::vector<Row> rows = {
      {"9-18 mon-fri UTC", "2026-11-26 08:58", {"2026-11-26 08:58"}},
      {"9-18 mon-fri UTC", "2026-11-26 12:00", {"2026-11-26 12:00"}},
      {"9-18 mon-fri UTC", "2026-11-26 17:30", {"2026-11-26 17:30"}},
      {"9-18 mon-fri UTC", "2026-11-26 17:31", {}},
      {"9-18 mon-fri UTC", "2026-11-26 18:00", {}},
      {"9-9:40 mon-fri UTC", "2026-11-26 09:20", {"2026-11-26 09:20"}},
      {"9-9:40 mon-fri UTC", "2026-11-26 09:21", {}},
      {"9-18 mon-fri UTC", "2026-11-28 12:00", {}},
      {"22-6 mon-fri UTC", "2026-11-28 05:00", {"2026-11-28 05:00"}},
      {"9-13 14-18 mon-fri UTC", "2026-11-26 13:20", {}},
      {"9-18 mon-fri UTC", "2026-11-30 15:00", {"2026-11-30 15:00"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.hours, row.back);
    Office office;
    office.at("2026-11-25 20:00");
    office.hours(row.hours);
    office.at(row.back);
    office.call();
    office.call();
    CHECK(office.begun() == row.begun);
  }
}

TEST_CASE("what is late starts one after the other, what is on time at once") {
  Office office;
  office.at("2026-11-25 20:00");
  office.hours("9-18 mon-fri UTC");
  for (const auto* name : {"two", "three", "four"}) office.hours("9-18 mon-fri UTC", office.another(name));
  office.hours("8-18 mon-fri UTC", office.another("early"));
  office.hours("12-18 mon-fri UTC", office.another("noon"));

  office.at("2026-11-26 11:55");
  CHECK(office.walk_until("2026-11-26 12:30", true) ==
        Texts{"2026-11-26 11:55:00 early", "2026-11-26 11:55:00 noon", "2026-11-26 11:55:10 main",
              "2026-11-26 11:55:20 two", "2026-11-26 11:55:30 three", "2026-11-26 11:55:40 four"});
  office.finish_all();
  office.at("2026-11-27 08:50");
  CHECK(office.walk_until("2026-11-27 09:30", true) ==
        Texts{"2026-11-27 08:50:00 early", "2026-11-27 08:55:00 main", "2026-11-27 08:55:00 two",
              "2026-11-27 08:55:00 three", "2026-11-27 08:55:00 four"});
}

TEST_CASE("another process starts nothing twice, and goes on with the rest") {
  Office office;
  office.at("2026-11-25 20:00");
  office.hours("9-18 mon-fri UTC");
  office.hours("9-18 mon-fri UTC", office.another("two"));
  office.at("2026-11-26 10:00");
  office.call();
  CHECK(office.begun() == Texts{"2026-11-26 10:00"});
  for (int i = 0; i < 3; ++i) {
    office.restart();
    office.call();
  }
  CHECK(office.begun() == Texts{"2026-11-26 10:00", "2026-11-26 10:00"});
  office.finish_all();
  office.restart();
  CHECK(office.call() == "2026-11-27 08:55");
  CHECK(office.begun().size() == 2);
}

TEST_CASE("a schedule that is changed or ended acts at the next call") {
  Office office;
  office.at("2026-11-25 20:00");
  office.hours("9-18 mon-fri UTC");
  CHECK(office.call() == "2026-11-26 08:55");
  office.hours("10-18 mon-fri UTC");
  CHECK(office.call() == "2026-11-26 09:55");
  office.storage.workspaces.set_policy(office.workspace, nlohmann::json::object());
  CHECK(office.call() == "never");
  office.at("2026-11-26 12:00");
  CHECK(office.call() == "never");
  office.hours("9-18 mon-fri UTC");
  CHECK(office.call() == "2026-11-27 08:55");
  CHECK(office.begun() == Texts{"2026-11-26 12:00"});
}

TEST_CASE("a clock that is set back, or a host that slept, starts nothing twice") {
  Office office;
  office.at("2026-11-25 20:00");
  office.hours("9-18 mon-fri UTC");
  office.at("2026-11-26 08:55");
  office.call();
  office.finish_all();
  office.at("2026-11-25 20:00");
  CHECK(office.call() == "2026-11-26 08:55");
  office.at("2026-11-26 08:55");
  CHECK(office.call() == "2026-11-27 08:55");
  CHECK(office.begun().size() == 1);
  office.at("2026-11-29 12:00");
  CHECK(office.call() == "2026-11-30 08:55");
  CHECK(office.begun().size() == 1);
}
