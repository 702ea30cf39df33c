#include "tests/weeks/script.hpp"

#include "tests/catch.hpp"

using namespace weeks;
using nlohmann::json;

TEST_CASE("a script says what an agent would report") {
  const Calendar calendar("Europe/Berlin", 2026, 10, 19);
  const Script script(calendar, {
                                    {"1 mon 09:00", "alice", "types until 10:00"},
                                    {"1 mon 10:00", "alice", "reads until 11:00"},
                                    {"1 mon 10:30", "alice", "builds until 10:40"},
                                    {"1 mon 10:30", "alice", "leases until 12:00"},
                                    {"1 mon 10:30", "alice", "leaves work until 10:50"},
                                    {"1 mon 11:00", "alice", "is unheard until tue 09:00"},
                                    {"1 mon 09:00", "alice", "says up"},
                                    {"1 mon 08:00", "bob", "says up cpx32"},
                                });
  const auto at = [&](const std::string& when) {
    return script.signals("alice", calendar.time("1 mon " + when));
  };
  CHECK(at("09:30").at("logins") == json::parse(R"([{"tty":"pts/0","idle":0}])"));
  CHECK(at("09:30").at("editor").at("bytes") == 40'000);
  CHECK(at("10:25").at("logins").at(0).at("idle") == 25 * 60);
  CHECK(at("10:25").at("editor").at("bytes") == 1'500);
  CHECK(at("10:35").at("jobs") == json{"make"});
  CHECK(at("10:35").at("dirty") == json{"app"});
  CHECK(at("11:30").at("logins").empty());
  CHECK_FALSE(at("11:30").contains("editor"));
  CHECK(at("11:30").at("leases").size() == 1);
  CHECK(at("12:30").at("leases").empty());
  CHECK(script.is_unheard("alice", calendar.time("1 tue 08:00")));
  CHECK_FALSE(script.is_unheard("bob", calendar.time("1 tue 08:00")));
  REQUIRE(script.lines().size() == 2);
  CHECK(script.lines().at(0).who == "bob");
  CHECK(script.lines().at(0).text == "up cpx32");
  CHECK_THROWS_AS(Script(calendar, {{"1 mon 09:00", "alice", "sleeps until 10:00"}}), std::invalid_argument);
  CHECK_THROWS_AS(Script(calendar, {{"1 mon 09:00", "alice", "types until 08:00"}}), std::invalid_argument);
}
