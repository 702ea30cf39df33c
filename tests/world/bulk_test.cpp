#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;
using Catch::Matchers::Contains;

namespace {

Setting with_admin() {
  return configured([](bot::Config& config) {
    config.settings.policy.admins = {"console:root"};
    config.settings.policy.operators = {"console:oscar"};
  });
}

void two_up(World& world) {
  world.say("alice", "!devbox up cpx32");
  world.say("bob", "!devbox up cpx22");
}

}  // namespace

TEST_CASE("an admin takes everything down after a preview, and each owner is told") {
  World world(with_admin());
  two_up(world);
  CHECK(world.say("oscar", "!devbox down all") == Texts{"`down all` is for admins. Nothing was done."});
  const auto question = world.say("root", "!devbox down all").back();
  CHECK_THAT(question, Contains("Take 2 workspaces down?") &&
                           Contains("\n  alice · alice · cpx32 · up for ") &&
                           Contains("\n  bob · bob · cpx22 · up for "));
  CHECK(world.say("root", "!devbox no").back() == "✓ Nothing was taken down.");
  CHECK(world.servers().size() == 2);
  world.say("root", "!devbox down all");
  const auto said = world.say("root", "!devbox yes");
  CHECK(world.heard("✓ 2 workspaces of 2 will go down now:") == 1);
  CHECK(world.heard("✓ alice is down.") == 1);
  CHECK(world.heard("✓ bob is down.") == 1);
  CHECK((world.last().mentions == Texts{"console:root", "console:bob"} ||
         world.last().mentions == Texts{"console:root", "console:alice"}));
  CHECK(world.servers().empty());
  CHECK(world.volumes().size() == 2);
  CHECK(world.say("root", "!devbox down all").back() == "✓ Nothing runs.");
}

TEST_CASE("one that is at work asks again, and a new process goes on with all of them") {
  World world(with_admin());
  world.say("bob", "!devbox up cpx22");
  world.behave("busy");
  world.say("alice", "!devbox up cpx32");
  world.say("root", "!devbox down all");
  world.begin("root", "!devbox yes");
  world.until_step("take turns");
  world.restart();
  world.until_quiet();
  CHECK(world.heard("alice is at work (running: make). Stop it all the same?") >= 1);
  CHECK(world.servers().size() == 1);
  CHECK(world.say("root", "!devbox no")
            .back()
            .starts_with("✗ `down` has not been done: it is at work, and stays up."));
  CHECK(world.servers().at(0)["name"] == "alice");
}

TEST_CASE("down all is done at once, and --force asks nobody again") {
  World world(with_admin());
  world.behave("busy");
  world.say("alice", "!devbox up");
  CHECK(world.say("root", "!devbox down all in 2h") ==
        Texts{"`down all` is done at once, not later. Nothing was done."});
  CHECK_THAT(world.say("root", "!devbox down all --force").back(), Contains("– but --force cuts it off:"));
  world.say("root", "!devbox yes");
  CHECK(world.servers().empty());
}

TEST_CASE("an admin who is one no more does not say yes to it") {
  World world(with_admin());
  world.say("alice", "!devbox help");
  world.say("root", "!devbox role @alice admin");
  two_up(world);
  world.say("alice", "!devbox down all");
  world.say("root", "!devbox role @alice operator");
  CHECK(world.say("alice", "!devbox yes") == Texts{"`down all` is for admins. Nothing was done."});
  CHECK(world.servers().size() == 2);
}

TEST_CASE("where something is at work is named, and left alone") {
  World world(with_admin());
  two_up(world);
  world.say("alice", "!devbox delete main");
  CHECK_THAT(
      world.say("root", "!devbox down all").back(),
      Contains("Take 1 workspace down?") && Contains("\n  left alone: alice: `delete` waits for an answer."));
  world.say("root", "!devbox yes");
  CHECK(world.servers().size() == 1);
}
