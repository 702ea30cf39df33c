#include "commands/stages.hpp"

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

void check_nothing_is_left(World& world) {
  CHECK(world.servers().empty());
  CHECK(world.devices().empty());
  CHECK(world.usable_keys() == 0);
}

}  // namespace

TEST_CASE("a down after any step of an up stops it there, takes it away, and is down") {
  for (const auto* step : {"what runs", "home volume", "address", "create server", "boot", "join tailnet"}) {
    CAPTURE(step);
    World world;
    world.begin("alice", "!devbox up cpx32");
    world.until_step(step);
    world.begin("alice", "!devbox down");
    const auto said = world.until_quiet();
    CHECK(world.heard("✓ alice is up") == 0);
    CHECK(world.heard("✗ alice is not up: `down` came after it.\n") == 1);
    CHECK(said.back() == "✓ alice is down: no server of it runs.");
    check_nothing_is_left(world);
    CHECK(world.say("alice", "!devbox up cpx22").back().starts_with("✓ alice is up"));
  }
}

TEST_CASE("an up that was cancelled may be said again at once") {
  for (const auto* step : {"address", "create server", "boot", "join tailnet"}) {
    CAPTURE(step);
    World world;
    world.begin("alice", "!devbox up cpx32");
    world.until_step(step);
    world.begin("alice", "!devbox cancel");
    const auto why = world.until_quiet().back();
    CHECK(why.starts_with("✗ alice is not up: it was cancelled.\n"));
    CHECK(
        why.ends_with("\n  What stays: 20 GB volume and IPv4 203.0.113.1, €1.64 a month.\n  !devbox up "
                      "tries again."));
    check_nothing_is_left(world);
    CHECK(world.say("alice", "!devbox cancel") == Texts{"Nothing runs for alice."});
    CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
    CHECK(world.volumes().size() == 1);
    CHECK(world.ips().size() == 1);
  }
}

TEST_CASE("an up after any step of a down comes after it") {
  for (const auto* step : {"find server", "write files out", "shut down", "delete server", "deleted"}) {
    CAPTURE(step);
    World world;
    world.say("alice", "!devbox up cpx32");
    const auto first = world.servers()[0]["id"];
    world.begin("alice", "!devbox down");
    world.until_step(step);
    world.begin("alice", "!devbox up cpx22");
    CHECK(world.until_quiet().back().starts_with("✓ alice is up"));
    CHECK(world.heard("✓ alice is down.") == 1);
    REQUIRE(world.servers().size() == 1);
    CHECK(world.servers()[0]["id"] != first);
    CHECK(world.servers()[0]["server_type"]["name"] == "cpx22");
  }
}

TEST_CASE("a tailnet that refuses us costs no server, and says so") {
  World world(configured([](bot::Config& config) { config.oauth_client_secret = "wrong"; }));
  CHECK(world.say("alice", "!devbox up cpx32").back() ==
        "✗ alice is not up: the tailnet: Tailscale refused to give an access token: API token invalid; check "
        "the OAuth client's id and secret.\n  No server was made.\n"
        "  What stays: 20 GB volume and IPv4 203.0.113.1, €1.64 a month.\n  !devbox up tries again.");
  CHECK(world.count("POST /v1/servers") == 0);
}

TEST_CASE("a kept machine that never joined is shown as what it is") {
  World world(configured([](bot::Config& config) { config.settings.limits.stage_join = 100ms; }));
  world.behave("no_join");
  const auto why = world.say("alice", "!devbox up cpx32 --keep").back();
  CHECK(why.starts_with(
      "✗ alice is not up: the machine did not join the tailnet within 1 s. Its key is still good, so the "
      "machine may not reach http://127.0.0.1:"));
  CHECK(
      why.ends_with(": with `up --keep` its server stays, and the console at Hetzner shows why.\n"
                    "  Its server is kept, as asked, and billed until `!devbox down`."));
  CHECK(
      world.say("alice", "!devbox status") ==
      Texts{"! alice has a server (cpx32) that never joined the tailnet; it is billed. !devbox down deletes "
            "it."});
  CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
  check_nothing_is_left(world);
}

TEST_CASE("a workspace that says that it cannot join ends the wait at once") {
  World world;  // with five minutes for it, more than a story has
  world.behave("join_fails");
  CHECK(world.say("alice", "!devbox up cpx32")
            .back()
            .starts_with("✗ alice is not up: the workspace says that its join failed: invalid key\n"));
  check_nothing_is_left(world);
}

TEST_CASE("a failed stage stays the reason when the process ends before it was told") {
  World world;
  world.behave("failed");
  world.begin("alice", "!devbox up cpx32");
  world.until_step("revoke key");
  world.restart();
  CHECK(world.until_quiet().back().starts_with(
      "✗ alice is not up: the workspace says that its volume failed: the volume could not be mounted\n"));
  check_nothing_is_left(world);
}

TEST_CASE("the stage that did not come is named by what came before it") {
  World world(configured([](bot::Config& config) { config.settings.limits.stage_editor = 1s; }));
  world.sim("PUT", "/_sim/servers/default/behaviour", {{"ready_s", 1e6}});
  CHECK(world.say("alice", "!devbox up cpx32")
            .back()
            .starts_with("✗ alice is not up: the machine joined the tailnet, its volume is mounted, but the "
                         "editor was not served to "
                         "the tailnet within 1 s.\n"));
  check_nothing_is_left(world);
}

TEST_CASE(
    "every stage is stored once, and the step that waits for the last has what the editor is reached by") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto operation = world.storage().journal.last_of(1)->id;
  std::string told;
  for (const auto& stage : commands::stages_of(world.storage().journal, operation)) {
    CHECK_FALSE(stage.failed);
    told += stage.name + " " + stage.detail + ";";
  }
  CHECK(told == "join ;volume ;serve https;editor ;ready https;");
  CHECK(world.storage().journal.steps(operation)["editor"] == "https");
}
