#include "commands/working_hours.hpp"

#include "tests/catch.hpp"
#include "tests/commands/office.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::Office;
using commands::test::Texts;
using commands::test::utc;
using commands::test::utc_text;

namespace {

std::string closing_text(Office& office, const storage::SessionRow& session,
                         std::optional<net::Time> held = std::nullopt) {
  const auto at = closing_of(office.row(), session, held);
  return at ? utc_text(*at) : "never";
}

/// "no start", or when the next one is and the hours for it.
std::string next_text(Office& office) {
  const auto next = next_start(office.world, office.row());
  return next ? utc_text(next->at) + " for " + utc_text(next->shift.from) : "no start";
}

}  // namespace

TEST_CASE("working hours are kept as they were said") {
  Office office;
  CHECK_FALSE(working_hours(office.row()));
  office.at("2026-11-25 12:00");
  office.hours("9-18 mon-fri Europe/Riga");
  const auto row = office.row();
  CHECK(row.policy["schedule"]["text"] == "9:00-18:00 mon-fri Europe/Riga");
  CHECK(row.policy["schedule"]["zone"] == "Europe/Riga");
  const auto hours = working_hours(row).value();
  CHECK(hours.schedule == parse_schedule({"9-18"}, "Europe/Riga"));
  CHECK(hours.person == office.alice);
  CHECK(hours.place.room == "#dev");
  CHECK(hours.since == office.clock.now());
  CHECK(stored(hours) == row.policy["schedule"]);
  CHECK_FALSE(working_hours(nlohmann::json{{"text", "9:00-18:00 mon-fri Moon/Sea"}}));
  CHECK_FALSE(working_hours(nlohmann::json{{"text", ""}}));
}

TEST_CASE("a server stops at the end of the hours that it began in or before") {
  Office office;
  office.at("2026-11-23 00:00");
  storage::SessionRow session;
  session.created = utc("2026-11-25 08:56");
  CHECK(closing_text(office, session) == "never");
  office.hours("9-18 mon-fri UTC");
  const std::pair<const char*, const char*> rows[] = {
      {"2026-11-25 08:56", "2026-11-25 18:00"}, {"2026-11-25 12:00", "2026-11-25 18:00"},
      {"2026-11-25 18:00", "2026-11-26 18:00"}, {"2026-11-25 20:00", "2026-11-26 18:00"},
      {"2026-11-27 20:00", "2026-11-30 18:00"},
  };
  for (const auto& [created, closing] : rows) {
    session.created = utc(created);
    CHECK(closing_text(office, session) == closing);
  }
  office.hours("9-13 13-18 mon-fri UTC");
  session.created = utc("2026-11-25 12:00");
  CHECK(closing_text(office, session) == "2026-11-25 18:00");
  office.hours("0-24 mon-sun UTC");
  CHECK(closing_text(office, session) == "never");
}

TEST_CASE("hours that are said while a server runs do not stop it for what was before") {
  Office office;
  office.at("2026-11-26 11:00");
  storage::SessionRow session;
  session.created = utc("2026-11-25 10:00");
  office.hours("9-18 mon-fri UTC");
  CHECK(closing_text(office, session) == "2026-11-26 18:00");
  office.at("2026-11-26 20:00");
  office.hours("9-18 mon-fri UTC");
  CHECK(closing_text(office, session) == "2026-11-27 18:00");
}

TEST_CASE("a server that is held into later hours stays until those end") {
  Office office;
  office.at("2026-11-23 00:00");
  office.hours("9-18 mon-fri UTC");
  storage::SessionRow session;
  session.created = utc("2026-11-25 10:00");
  CHECK(closing_text(office, session, utc("2026-11-25 17:00")) == "2026-11-25 18:00");
  CHECK(closing_text(office, session, utc("2026-11-25 20:00")) == "2026-11-25 18:00");
  CHECK(closing_text(office, session, utc("2026-11-26 09:00")) == "2026-11-26 18:00");
  CHECK(closing_text(office, session, utc("2026-11-27 12:00")) == "2026-11-27 18:00");
}

TEST_CASE("what is up when its hours begin is not started, and not again when it went down in them") {
  Office office;
  office.at("2026-11-26 08:00");
  office.hours("9-18 mon-fri UTC");
  office.comes_up();
  CHECK(next_text(office) == "2026-11-26 08:55 for 2026-11-26 09:00");
  office.at("2026-11-26 08:56");
  CHECK(office.call() == "2026-11-26 09:00");
  CHECK(next_text(office) == "2026-11-27 08:55 for 2026-11-27 09:00");
  office.at("2026-11-26 09:00");
  CHECK(office.call() == "2026-11-27 08:55");
  office.at("2026-11-26 11:00");
  office.goes_down("idle:1:1:1");
  CHECK(office.call() == "2026-11-27 08:55");
  office.restart();
  CHECK(office.call() == "2026-11-27 08:55");
  CHECK(office.begun().empty());
}

TEST_CASE("what goes down by itself shortly before its hours is there when they begin") {
  Office office;
  office.at("2026-11-26 08:00");
  office.hours("9-18 mon-fri UTC");
  office.comes_up();
  office.at("2026-11-26 08:56");
  office.call();
  office.goes_down("idle:1:1:1");
  office.at("2026-11-26 09:00");
  CHECK(office.call() == "2026-11-27 08:55");
  CHECK(office.begun() == Texts{"2026-11-26 09:00"});
}

TEST_CASE("what somebody took down in its hours stays down that day, what the bot did does not count") {
  for (const bool is_person : {true, false}) {
    CAPTURE(is_person);
    Office office;
    office.at("2026-11-26 08:30");
    office.hours("9-13 14-18 mon-fri UTC");
    office.comes_up();
    office.at("2026-11-26 13:00");
    office.call();
    office.goes_down(is_person ? "console/m99" : "idle:1:1:1");
    CHECK(next_text(office) ==
          (is_person ? "2026-11-27 08:55 for 2026-11-27 09:00" : "2026-11-26 13:55 for 2026-11-26 14:00"));
    office.at("2026-11-26 13:55");
    CHECK(office.call() == "2026-11-27 08:55");
    CHECK(office.begun() == (is_person ? Texts{} : Texts{"2026-11-26 13:55"}));
  }
}

TEST_CASE("what somebody took down before its hours starts with them") {
  Office office;
  office.at("2026-11-26 00:10");
  office.hours("9-18 mon-fri UTC");
  office.comes_up();
  office.at("2026-11-26 02:00");
  office.goes_down("console/m99");
  CHECK(next_text(office) == "2026-11-26 08:55 for 2026-11-26 09:00");
  CHECK(office.walk_until("2026-11-26 20:00") == Texts{"2026-11-26 08:55"});
}

TEST_CASE("a start that failed is not repeated that day") {
  Office office;
  office.at("2026-11-26 08:00");
  office.hours("9-18 mon-fri UTC");
  office.at("2026-11-26 08:55");
  office.call();
  office.finish_all("failed");
  CHECK(office.walk_until("2026-11-27 08:00").empty());
  CHECK(office.begun() == Texts{"2026-11-26 08:55"});
  CHECK(office.walk_until("2026-11-27 12:00") == Texts{"2026-11-27 08:55"});
}

TEST_CASE("a start waits for what runs, and does nothing when that has brought it up") {
  Office office;
  office.at("2026-11-26 08:00");
  office.hours("9-18 mon-fri UTC");
  office.at("2026-11-26 08:55");
  const auto down = office.begun_by("m1", "down");
  CHECK(office.call() == "2026-11-26 08:55");
  CHECK(office.begun().empty());
  office.clock.advance(30s);
  CHECK(office.starts->begin_due() == office.clock.now() + 30s);
  office.storage.journal.finish(down.id, "done", "", office.clock.now());
  office.clock.advance(30s);
  CHECK(office.call() == "2026-11-27 08:55");
  CHECK(office.begun() == Texts{"2026-11-26 08:56"});
}

TEST_CASE("nobody is started for who is no member any more") {
  Office office;
  office.at("2026-11-26 08:00");
  office.hours("9-18 mon-fri UTC");
  office.settings.policy.members = {"console:bob"};
  CHECK(office.walk_until("2026-11-27 20:00").empty());
  office.settings.policy.members = {"console:alice"};
  CHECK(office.walk_until("2026-11-30 20:00") == Texts{"2026-11-30 08:55"});
}
