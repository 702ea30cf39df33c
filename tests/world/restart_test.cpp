#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

TEST_CASE("an up that is cut after any step goes on: one server, one plan, one card") {
  for (const auto* step : {"what runs", "preflight", "home volume", "address", "create server", "boot",
                           "join tailnet", "revoke key"}) {
    CAPTURE(step);
    World world;
    world.begin("alice", "!devbox up cpx32");
    world.until_step(step);
    world.restart();
    CHECK(world.until_quiet().size() == 2);
    CHECK(world.heard("alice comes up") == 1);
    CHECK(world.heard("✓ alice is up") == 1);
    CHECK(world.servers().size() == 1);
    CHECK(world.volumes().size() == 1);
    CHECK(world.ips().size() == 1);
    CHECK(world.devices().size() == 1);
    CHECK(world.usable_keys() == 0);
    CHECK(world.count("POST /v1/servers") == 1);
    CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
  }
}

TEST_CASE("a down that is cut after any step goes on: no server, one farewell") {
  for (const auto* step : {"find server", "ask for work", "write files out", "shut down", "is off",
                           "delete server", "deleted", "leave tailnet"}) {
    CAPTURE(step);
    World world;
    world.say("alice", "!devbox up cpx32");
    world.begin("alice", "!devbox down");
    world.until_step(step);
    world.restart();
    world.until_quiet();
    CHECK(world.heard("✓ alice is down.") == 1);
    CHECK(world.servers().empty());
    CHECK(world.devices().empty());
    CHECK(world.volumes()[0]["server"].is_null());
    CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  }
}

TEST_CASE("an undo that is cut goes on") {
  World world(configured([](bot::Config& config) { config.settings.limits.stage_join = 100ms; }));
  world.behave("no_join");
  world.begin("alice", "!devbox up cpx32");
  world.until([&] { return world.storage().journal.unfinished().at(0).state == "undoing"; });
  world.restart();
  world.until_quiet();
  CHECK(world.heard(
            "✗ alice is not up: the machine did not join the tailnet within 1 s. Its key is still good") ==
        1);
  CHECK(world.servers().empty());
  CHECK(world.usable_keys() == 0);
  CHECK(world.volumes()[0]["server"].is_null());
}

TEST_CASE("a restart while nothing runs says nothing and changes nothing") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto server = world.servers()[0]["id"];
  world.restart();
  CHECK(world.until_quiet().empty());
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(world.servers()[0]["id"] == server);
  CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
}

TEST_CASE("a question is asked once and keeps its code over a restart") {
  World world;
  world.behave("busy");
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
  const auto yes = world.last().choices.at(0);
  world.restart();
  world.until_quiet();
  CHECK(world.heard("alice is at work (running: make). Stop it all the same?") == 1);
  CHECK(world.say("alice", "!devbox " + yes).back().starts_with("✓ alice is down."));
}

TEST_CASE("a limit is counted from the stage's begin, also over a restart") {
  World world(configured([](bot::Config& config) { config.settings.limits.stage_join = 300ms; }));
  world.behave("no_join");
  world.begin("alice", "!devbox up cpx32");
  world.until_step("boot");
  const auto operation = world.storage().journal.unfinished().at(0).id;
  world.until([&] { return !world.storage().journal.notes(operation, "deadline join tailnet").empty(); });
  world.restart();
  world.until_quiet();
  CHECK(world.storage().journal.notes(operation, "deadline join tailnet").size() == 1);
  CHECK(world.heard(
            "✗ alice is not up: the machine did not join the tailnet within 1 s. Its key is still good") ==
        1);
}
