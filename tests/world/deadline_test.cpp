#include <regex>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

std::string without_times(const std::string& text) {
  return std::regex_replace(text, std::regex("([A-Z][a-z]{2} )?[0-9]{2}:[0-9]{2}"), "T");
}

bool has_ended(World& world) {
  return world.heard("✓ alice is down.") > 0 && world.storage().journal.unfinished().empty();
}

std::optional<storage::DeadlineRow> deadline(World& world) {
  const auto alice = world.storage().people.find("console", "alice")->id;
  return world.storage().deadlines.find(world.storage().workspaces.of(alice).at(0).id, "down");
}

/// As after an outage: it should have gone down already.
void make_overdue(World& world) {
  auto row = deadline(world).value();
  row.at = storage::from_ms(1);
  world.storage().deadlines.set(row);
}

}  // namespace

TEST_CASE("down in 1s is answered at once, and goes down by itself where it was said") {
  World world;
  world.say("alice", "!devbox up");
  CHECK(without_times(world.say("alice", "!devbox down in 1s").at(0)) ==
        "alice goes down at T (in 1 s). !devbox cancel keeps it up.");
  world.until([&] { return has_ended(world); });
  world.until_quiet();
  CHECK(world.heard("✓ alice is down. This session cost €0.06 (1 started h of cpx32).") == 1);
  CHECK(world.last().mentions == Texts{"console:alice"});
  CHECK(world.servers().empty());
  CHECK_FALSE(deadline(world));
  CHECK(world.storage().audit.last(1).at(0).command == "down");
}

TEST_CASE("the card and the table say when it stops, in its owner's zone") {
  World world;
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox timezone Asia/Kolkata");
  const auto said = world.say("alice", "!devbox down in 20m").at(0);
  const auto from = said.find("at ") + 3;
  const std::string day_and_time = said.substr(from, said.find(" (") - from);
  CHECK(said == "alice goes down at " + day_and_time + " (in 20 min). !devbox cancel keeps it up.");
  CHECK(world.say("alice", "!devbox status").at(0).find(" this month · stops at " + day_and_time + "\n") !=
        std::string::npos);
  CHECK(world.say("alice", "!devbox status all").at(0).ends_with(" so far · stops at " + day_and_time));
}

TEST_CASE("cancel keeps it up, and a second deadline takes the place of the first") {
  World world;
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down in 1h");
  const auto first = deadline(world)->at;
  world.say("alice", "!devbox down in 2h --force");
  CHECK(deadline(world)->at > first);
  CHECK(deadline(world)->by == "down --force");
  CHECK(without_times(world.say("alice", "!devbox cancel").at(0)) ==
        "alice stays up: it does not go down at T any more.");
  CHECK_FALSE(deadline(world));
  CHECK(world.say("alice", "!devbox cancel") == Texts{"Nothing runs for alice."});
  CHECK(world.say("alice", "!devbox status").at(0).find("stops when idle 60 min") != std::string::npos);
  CHECK(world.servers().size() == 1);
}

TEST_CASE("a deadline is kept over a restart, and one that passed meanwhile acts at once") {
  World world;
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down in 3d");
  world.restart();
  CHECK(world.until_quiet().empty());
  CHECK(world.servers().size() == 1);
  make_overdue(world);
  world.restart();
  world.until([&] { return has_ended(world); });
  world.until_quiet();
  CHECK(world.heard("✓ alice is down.") == 1);
  CHECK(world.servers().empty());
}

TEST_CASE("a down that its deadline began goes on after a restart, once") {
  for (const auto* step : {"find server", "shut down", "delete server"}) {
    CAPTURE(step);
    World world;
    world.say("alice", "!devbox up");
    world.say("alice", "!devbox down in 3d");
    make_overdue(world);
    world.restart();
    world.until([&] { return !world.storage().journal.unfinished().empty(); });
    world.until_step(step);
    world.restart();
    world.until([&] { return has_ended(world); });
    world.until_quiet();
    CHECK(world.heard("alice goes down: files are written out") == 1);
    CHECK(world.heard("✓ alice is down.") == 1);
    CHECK(world.servers().empty());
  }
}

TEST_CASE("a deadline ends with the server that it was for") {
  World world;
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down in 1h");
  world.say("alice", "!devbox down");
  CHECK_FALSE(deadline(world));
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down in 1h");
  const auto row = deadline(world).value();
  world.say("alice", "!devbox down --force");
  world.storage().deadlines.set(row);
  make_overdue(world);
  world.restart();
  world.until([&] { return !deadline(world); });
  CHECK(world.until_quiet().empty());
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
}

TEST_CASE("a deadline asks when work is running, unless it was forced") {
  World world(configured([](bot::Config& config) { config.settings.limits.answer = 10min; }));
  world.behave("busy");
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down in 1s");
  world.until([&] { return world.heard("alice is at work (running: make). Stop it all the same?") == 1; });
  CHECK(world.say("alice", "!devbox no").back() ==
        "✗ `down` has not been done: it is at work, and stays up.");
  world.say("alice", "!devbox down in 1s --force");
  world.until([&] { return has_ended(world); });
  CHECK(world.servers().empty());
}

TEST_CASE("a time that cannot be meant is refused, and nothing changes") {
  World world;
  CHECK(world.say("alice", "!devbox down in 20m") ==
        Texts{"You have no workspace yet. !devbox up makes one."});
  world.say("alice", "!devbox up");
  const std::pair<std::string, std::string> rows[] = {
      {"in 20",
       "\"20\" is no length of time; it is written like !devbox down in 20m, 1h30m or 2d. Nothing was done."},
      {"in 0m", "\"0m\" is no time at all; a duration looks like 90m or 1h30m."},
      {"in -5m", "\"-5m\" is negative; a duration looks like 90m or 1h30m."},
      {"in 8d", "`down in` takes at most 7 days: nobody would remember. Nothing was done."},
      {"in",
       "After \"in\" something is missing, as in \"for 3h\", \"until 18:00\" or \"in 20m\". Nothing was "
       "done."},
  };
  for (const auto& [words, answer] : rows)
    CHECK(world.say("alice", "!devbox down " + words) == Texts{answer});
  CHECK_FALSE(deadline(world));
  CHECK(world.servers().size() == 1);
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox down in 20m") ==
        Texts{"alice is down already. !devbox up brings it back."});
}

TEST_CASE("down in 20m while something runs says what, and sets nothing") {
  World world;
  world.behave("busy");
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox down in 20m") == Texts{"alice: `down` waits for an answer"});
  CHECK_FALSE(deadline(world));
}
