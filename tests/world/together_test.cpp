#include <algorithm>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

int begins(const std::vector<std::string>& said, const std::string& with) {
  return static_cast<int>(
      std::count_if(said.begin(), said.end(), [&](const auto& one) { return one.starts_with(with); }));
}

}  // namespace

TEST_CASE("two ups at once are one: the second is told how far the first is") {
  World world;
  world.begin("alice", "!devbox up cpx32");
  world.begin("alice", "!devbox up cpx22");
  const auto said = world.until_quiet();
  CHECK(begins(said, "✓ alice is up") == 1);
  CHECK(begins(said, "alice: `up` is running") + begins(said, "alice: `up` waits") == 1);
  CHECK(world.count("POST /v1/servers") == 1);
  CHECK(world.servers()[0]["server_type"]["name"] == "cpx32");
}

TEST_CASE("an up of what is up shows the card again") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto said = world.say("alice", "!devbox up cpx22");
  REQUIRE(said.size() == 1);
  CHECK(said[0].starts_with("✓ alice is up — https://alice.tail1234.ts.net\n  cpx32"));
  CHECK(world.count("POST /v1/servers") == 1);
}

TEST_CASE("a down during an up cancels it, takes it away and leaves it down") {
  Setting setting;
  setting.speed = 200;
  World world(setting);
  world.begin("alice", "!devbox up cpx32");
  world.until([&] { return world.count("POST /v1/servers") == 1; });
  world.begin("alice", "!devbox down");
  const auto said = world.until_quiet();
  CHECK(begins(said, "✗ alice is not up: `down` came after it") == 1);
  CHECK(said.back() == "✓ alice is down: no server of it runs.");
  CHECK(world.servers().empty());
  CHECK(world.devices().empty());
  CHECK(world.usable_keys() == 0);
  CHECK(world.volumes().size() == 1);
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
}

TEST_CASE("an up during a down waits for its end") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.begin("alice", "!devbox down");
  world.begin("alice", "!devbox up cpx32");
  const auto said = world.until_quiet();
  CHECK(begins(said, "✓ alice is down") == 1);
  CHECK(said.back().starts_with("✓ alice is up"));
  CHECK(world.servers().size() == 1);
  CHECK(world.count("POST /v1/servers") == 3);  // two creates and a shutdown
}

TEST_CASE("a down takes back an up that only waited behind a down") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.begin("alice", "!devbox down");
  world.begin("alice", "!devbox up cpx32");
  world.begin("alice", "!devbox down");
  const auto said = world.until_quiet();
  CHECK(begins(said, "✓ alice is down") == 1);
  CHECK(begins(said, "✗ alice is not up: `down` came after it") == 1);
  CHECK(world.servers().empty());
}

TEST_CASE("a cancelled up is taken away again") {
  Setting setting;
  setting.speed = 200;
  World world(setting);
  world.begin("alice", "!devbox up cpx32");
  world.until([&] { return world.count("POST /v1/servers") == 1; });
  world.begin("alice", "!devbox cancel");
  const auto said = world.until_quiet();
  CHECK(begins(said, "`up` of alice stops at its next step.") == 1);
  CHECK(begins(said, "✗ alice is not up: it was cancelled.") == 1);
  CHECK(world.servers().empty());
}

TEST_CASE("each person has a workspace of their own, and nobody else's") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.say("bob", "!devbox up cpx22");
  CHECK(world.servers().size() == 2);
  CHECK(world.say("bob", "!devbox down alice")[0] ==
        "That workspace is not yours: `down` is for its owner, whom it is shared with and operators. Nothing "
        "was done.");
  CHECK(world.servers().size() == 2);
  const auto all = world.say("carol", "!devbox status all");
  CHECK(all[0].starts_with("alice · alice · up for "));
  CHECK(world.say("carol", "!devbox status")[0] == "You have no workspace yet. !devbox up makes one.");
}
