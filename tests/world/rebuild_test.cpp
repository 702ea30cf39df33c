#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;
using Catch::Matchers::Contains;

namespace {

json server(World& world) { return world.servers().at(0); }

}  // namespace

TEST_CASE("a rebuild is another server with the same home, address and name") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto before = server(world);
  const auto said = world.say("alice", "!devbox rebuild");
  REQUIRE(said.size() == 5);
  CHECK_THAT(said[0], Contains("alice gets a new server: cpx32") && Contains("/home") &&
                          Contains("and the address stay") && !Contains("instead of"));
  CHECK(said[2].starts_with("✓ alice is down."));
  CHECK(said[4].starts_with("✓ alice is up"));
  const auto after = server(world);
  CHECK(after["id"] != before["id"]);
  CHECK(after["name"] == before["name"]);
  CHECK(after["volumes"] == before["volumes"]);
  CHECK(after["public_net"]["ipv4"]["ip"] == before["public_net"]["ipv4"]["ip"]);
  CHECK(world.devices().size() == 1);
}

TEST_CASE("a rebuild that cannot come up again takes nothing down") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto before = server(world);
  CHECK_THAT(
      world.say("alice", "!devbox rebuild image=arch-dev").back(),
      Contains("✗ `rebuild` has not been done: No snapshot of the project is labelled os-flavor=arch-dev."));
  CHECK(server(world)["id"] == before["id"]);
  CHECK_THAT(world.say("alice", "!devbox resize cax21 --now").back(),
             Contains("✗ `resize` has not been done: "));
  CHECK(server(world)["id"] == before["id"]);
}

TEST_CASE("who is at work is asked before a rebuild, and no keeps the server that it was") {
  World world;
  world.behave("busy");
  world.say("alice", "!devbox up cpx32");
  const auto before = server(world);
  CHECK(world.say("alice", "!devbox rebuild").back() ==
        "alice is at work (running: make). Stop it all the same?");
  CHECK(world.say("alice", "!devbox no").back() ==
        "✗ `rebuild` has not been done: it is at work, and stays up.");
  CHECK(server(world)["id"] == before["id"]);
}

TEST_CASE("another type waits for the next up, or comes at once") {
  World world;
  world.say("alice", "!devbox up cpx32");
  CHECK_THAT(world.say("alice", "!devbox resize cpx42").back(),
             Contains("✓ alice is cpx42") && Contains("from its next `up` on, €0.1114/h") &&
                 Contains("Until then it runs on as cpx32"));
  CHECK(server(world)["server_type"]["name"] == "cpx32");
  CHECK(world.say("alice", "!devbox resize cpx42 --now").back().starts_with("✓ alice is up"));
  CHECK(server(world)["server_type"]["name"] == "cpx42");
  world.say("alice", "!devbox down");
  CHECK_THAT(world.say("alice", "!devbox resize cpx32 --now").back(), Contains("is down: leave --now out"));
  CHECK_THAT(world.say("alice", "!devbox resize cpx32").back(), Contains("✓ alice is cpx32"));
  CHECK_THAT(world.say("alice", "!devbox rebuild").back(), Contains("its next `up` is a new server anyway"));
  world.say("alice", "!devbox up");
  CHECK(server(world)["server_type"]["name"] == "cpx32");
}

TEST_CASE("a volume grows while it runs, and the bill with it") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto question = world.say("alice", "!devbox grow 40").back();
  CHECK_THAT(question,
             Contains("Grow the volume of alice from 20 to 40 GB?") && Contains("cannot be made smaller"));
  CHECK(world.volumes().at(0)["size"] == 20);
  CHECK(world.say("alice", "!devbox yes").back() ==
        "✓ The volume of alice has 40 GB, and /home is as large.");
  CHECK(world.volumes().at(0)["size"] == 40);
  world.say("alice", "!devbox down");
  CHECK_THAT(world.say("alice", "!devbox status").back(), Contains("40 GB volume"));
  world.say("alice", "!devbox grow 50GB");
  CHECK(world.say("alice", "!devbox yes").back() ==
        "✓ The volume of alice has 50 GB; its file system grows at the next `up`.");
}

TEST_CASE("a size that cannot be is refused in one sentence") {
  World world;
  CHECK_THAT(world.say("alice", "!devbox grow 40").back(), Contains("You have no workspace yet"));
  world.say("alice", "!devbox up");
  CHECK(world.say("alice", "!devbox grow").back() ==
        "`grow` wants the new size in whole GB, as in `grow 40`. Nothing was done.");
  CHECK(world.say("alice", "!devbox grow 15").back() ==
        "alice has 20 GB, and a volume can only grow. Nothing was done.");
  CHECK(world.say("alice", "!devbox grow 20").back() == "alice has 20 GB already. Nothing was done.");
  CHECK(world.say("alice", "!devbox grow 10241").back() ==
        "A volume at Hetzner has at most 10240 GB. Nothing was done.");
  CHECK(world.say("alice", "!devbox grow 99999999999999").back() ==
        "A volume at Hetzner has at most 10240 GB. Nothing was done.");
  CHECK(world.say("alice", "!devbox resize").back() ==
        "`resize` wants the type, as in `resize cpx42`; `types` lists them. Nothing was done.");
  CHECK(world.volumes().at(0)["size"] == 20);
}

TEST_CASE("old snapshots go when an operator says so, and none that is used") {
  World world(configured([](bot::Config& config) { config.settings.policy.operators = {"console:alice"}; }));
  CHECK(world.say("bob", "!devbox images prune").back() == "Only operators delete images. Nothing was done.");
  world.say("alice", "!devbox up image=debian-dev");
  CHECK_THAT(world.say("alice", "!devbox images prune keep=0").back(),
             Contains("wants a number from 1 to 99"));
  CHECK_THAT(world.say("alice", "!devbox images prune").back(), Contains("✓ No flavour has more than 3"));
  const auto count = world.get("/v1/images?type=snapshot")["images"].size();
  CHECK_THAT(
      world.say("alice", "!devbox images prune keep=1").back(),
      Contains("Delete these snapshots for good?") && Contains("ubuntu-dev") && !Contains("debian-dev"));
  CHECK(world.say("alice", "!devbox no").back() == "✓ Nothing was deleted.");
  CHECK(world.get("/v1/images?type=snapshot")["images"].size() == count);
  world.say("alice", "!devbox images prune keep=1");
  CHECK_THAT(world.say("alice", "!devbox yes").back(), Contains("✓ Deleted 1 snapshot:"));
  CHECK(world.get("/v1/images?type=snapshot")["images"].size() == count - 1);
}
