#include "tests/catch.hpp"
#include "tests/commands/watched.hpp"

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using commands::test::left;
using commands::test::WatchedServer;
using nlohmann::json;

namespace {

/// Somebody typed until `minute` of the server's life.
std::function<json()> typed_until(WatchedServer& here, int minute) {
  return [&here, minute] { return left(std::max(0, here.minute() - minute) * 1min); };
}

}  // namespace

TEST_CASE("who leaves is reminded twice and stopped before the next paid hour, each once over restarts") {
  const bool restarts = GENERATE(false, true);
  WatchedServer here;
  for (int minute = 0; minute < 115; ++minute) {
    CHECK(here.stops().empty());
    here.pass(1, typed_until(here, 20));
    if (restarts) here.restart();
  }
  here.pass(1, typed_until(here, 20));
  const auto said = here.said();
  REQUIRE(said.size() == 2);
  CHECK_THAT(said[0], Contains("alice has been idle since 09:30 (last seen: keystroke on pts/0 at 09:20). It "
                               "stops at 10:55, paid until 10:00"));
  CHECK_THAT(said[1], Contains("alice stops at 10:55: idle since 09:30."));
  REQUIRE(here.stops().size() == 1);
  CHECK_THAT(here.stops()[0], Contains("idle:1:4711:"));
}

TEST_CASE("whoever works is neither reminded nor stopped before the cap") {
  const auto* kind = GENERATE("keys", "jobs", "cpu", "lease");
  WatchedServer here;
  here.pass(24 * 60 - 16, [&] {
    auto report = left(kind == std::string("keys") ? 5min : 600min);
    if (kind == std::string("jobs")) report["jobs"] = {"make"};
    if (kind == std::string("cpu")) report["cpu"] = 0.9;
    if (kind == std::string("lease"))
      report["leases"] = {{{"id", "run"}, {"until", here.clock.now().time_since_epoch() / 1s + 120}}};
    return report;
  });
  CHECK(here.said().empty());
  here.pass(12, [] { return left(5min); });
  REQUIRE(here.said().size() == 1);
  CHECK_THAT(here.said()[0], Contains("no server stays up longer than 1 day"));
  CHECK(here.stops().size() == 1);
}

TEST_CASE("silence is told once and stops nothing before the cap") {
  WatchedServer here;
  here.pass(30, [] { return left(0min); });
  here.pass(23 * 60, [] { return json(); });
  REQUIRE(here.said().size() == 1);
  CHECK_THAT(here.said()[0], Contains("alice has not reported since 09:29"));
  CHECK(here.stops().empty());
  here.pass(31, [] { return json(); });
  CHECK(here.stops().size() == 1);
}

TEST_CASE("why asks Hetzner about what is silent, and goes without its answer") {
  WatchedServer here;
  here.pass(30, [] { return left(0min); });
  CHECK_THAT(here.say("alice", "why"), Contains("last report, 60 s ago"));
  here.pass(10, [] { return json(); });
  CHECK_THAT(here.say("alice", "why"), Contains("last report, 12 min ago → unknown") &&
                                           Contains("for silence is not idleness") && !Contains("measured"));
}

TEST_CASE("what the bot slept through is nobody's silence") {
  WatchedServer here;
  here.pass(10, [] { return left(0min); });
  here.clock.advance(3h);
  here.pass(3, [] { return json(); });
  CHECK(here.said().empty());
  here.pass(1, [] { return left(3h); });
  CHECK(here.stops().empty());
  here.pass(3, [] { return json(); });
  CHECK(here.said().empty());
}

TEST_CASE(
    "before unpushed work is left behind its owner is asked, and silence moves the stop by an hour once") {
  WatchedServer here;
  const auto dirty = [&] {
    auto report = left(here.minute() * 1min);
    report["dirty"] = {"app"};
    return report;
  };
  here.pass(116, dirty);
  CHECK(here.stops().empty());
  REQUIRE(here.said().size() == 3);
  CHECK_THAT(here.said()[1], Contains("stops at 10:55: idle since 09:10. But uncommitted or unpushed: app. "
                                      "Without an answer it goes on until 11:55"));
  CHECK_THAT(here.said()[2], Contains("Nobody answered, so alice goes on until 11:55"));
  here.pass(60, dirty);
  CHECK(here.said().size() == 4);
  CHECK(here.stops().size() == 1);
}

TEST_CASE("extend, keep and snooze move the end, and the card and why say so") {
  WatchedServer here;
  here.pass(40, typed_until(here, 0));
  CHECK(here.said().size() == 1);
  CHECK(here.say("alice", "extend 2h") ==
        "alice is not stopped before 11:40: idle since 09:10, stops at 11:55.");
  CHECK(here.say("alice", "keep until 12:00") ==
        "alice counts as in use until 12:00: kept until 12:00, then stops when idle 60 min.");
  here.pass(1, typed_until(here, 0));
  CHECK(here.say("alice", "snooze") ==
        "alice is left in peace until 11:40: kept until 12:00, then stops when idle 60 min.");
  CHECK_THAT(here.say("alice", "why"), Contains("lease: keep, for another 2 h 19 min → work") &&
                                           Contains("last moved at 09:41: snooze (@alice)") &&
                                           Contains("paid until 10:00"));
  CHECK_THAT(here.say("alice", "keep 10y"), Contains("\"10y\" is no length of time"));
  CHECK_THAT(here.say("alice", "extend -1h"), Contains("is negative"));
  CHECK_THAT(here.say("alice", "keep 30h"),
             Contains("can be up until Sat 08:55: no server stays up longer than 1 day"));
  here.pass(178, typed_until(here, 0));
  CHECK(here.said().size() == 1);
  CHECK(here.stops().empty());
}

TEST_CASE("extend never brings the end nearer, and keep can be taken back") {
  WatchedServer here;
  here.pass(5, typed_until(here, 0));
  CHECK_THAT(here.say("alice", "extend 5h"), Contains("alice is not stopped before 14:05"));
  CHECK_THAT(here.say("alice", "extend 1h"), Contains("alice is not stopped before 14:05"));
  CHECK_THAT(here.say("alice", "keep for 8h"), Contains("counts as in use until 17:05"));
  CHECK_THAT(here.say("alice", "keep off"),
             Contains("alice is not kept any more") && Contains("not before 14:05"));
  CHECK_THAT(here.say("alice", "keep off"), Contains("alice is not kept by anybody"));
  CHECK_THAT(here.say("alice", "extend until 15:30"), Contains("alice is not stopped before 15:30"));
}

TEST_CASE("whatever moves the end moves a down that was to come, and the earlier of both is shown") {
  WatchedServer here;
  here.pass(5, typed_until(here, 0));
  CHECK_THAT(here.say("alice", "down in 20m"), Contains("alice goes down at 09:25"));
  CHECK_THAT(here.say("alice", "why"), Contains("next: down at 09:25, as was said"));
  CHECK_THAT(here.say("alice", "keep 1h"), Contains("in use until 10:05: stops at 10:05"));
  CHECK_THAT(here.say("alice", "down in 22h"), Contains("alice goes down at Sat 07:05"));
  CHECK_THAT(here.say("alice", "why"), Contains("stop at 11:55, if nobody uses it any more"));
}

TEST_CASE("idle again after a lease that was taken back is told again") {
  WatchedServer here;
  const auto leased = [&] {
    auto report = left(here.minute() * 1min);
    report["leases"] = {{{"id", "keep"}, {"until", (here.created + 9h).time_since_epoch() / 1s}}};
    return report;
  };
  here.pass(20, leased);
  here.pass(42, [&] { return left(here.minute() * 1min); });
  CHECK(here.said().size() == 1);
  here.pass(10, [] { return left(0min); });
  here.pass(42, [&] { return left((here.minute() - 71) * 1min); });
  REQUIRE(here.said().size() == 2);
  CHECK_THAT(here.said()[1], Contains("alice has been idle since 10:21"));
}

TEST_CASE("a button of a reminder is its owner's, and of that server only") {
  WatchedServer here;
  here.pass(40, typed_until(here, 0));
  const std::string key = "idle/4711/x/idle";
  CHECK(here.say("bob", "extend 1h", key) ==
        "That workspace is not yours: `extend` is for its owner and operators. Nothing was done.");
  CHECK_THAT(here.say("alice", "extend 1h", key), Contains("alice is not stopped before 10:40"));
  CHECK(here.say("alice", "down", key) == "(begun)");
  here.storage.sessions.end(4711, here.clock.now());
  CHECK(here.say("alice", "down", key) == "That reminder was about a server that is gone. Nothing was done.");
}
