#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

void come_up(World& world, const std::string& report) {
  world.behave(report);
  world.say("alice", "!devbox up cpx32");
}

bool is_down(const Texts& said) { return !said.empty() && said.back().starts_with("✓ alice is down."); }

}  // namespace

TEST_CASE("a question has a button for each answer, mentions whom it asks, and is seen in the status") {
  World world;
  come_up(world, "busy");
  world.say("alice", "!devbox down");
  REQUIRE(world.last().choices.size() == 2);
  CHECK(world.last().choices[0].starts_with("yes "));
  CHECK(world.last().choices[1] == "no" + world.last().choices[0].substr(3));
  CHECK(world.last().mentions == Texts{"console:alice"});
  CHECK(world.say("alice", "!devbox status") == Texts{"… alice: `down` waits for an answer"});
}

TEST_CASE("an up that was said while a down asks comes after its answer") {
  World world;
  come_up(world, "busy");
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox up").empty());
  const auto said = world.say("alice", "!devbox no");
  REQUIRE(said.size() == 3);
  CHECK(said[1] == "✗ `down` has not been done: it is at work, and stays up.");
  CHECK(said[2].starts_with("✓ alice is up"));
  CHECK(world.count("POST /v1/servers") == 1);
}

TEST_CASE("yes without a code is enough for the only question") {
  World world;
  come_up(world, "busy");
  world.say("alice", "!devbox down");
  const auto said = world.say("alice", "!devbox yes");
  CHECK(said.front() == "Understood: yes.");
  CHECK(is_down(said));
  CHECK(world.servers().empty());
}

TEST_CASE("a code opens nothing for somebody else") {
  World world;
  come_up(world, "busy");
  world.say("alice", "!devbox down");
  const auto yes = "!devbox " + world.last().choices.at(0);
  CHECK(world.say("bob", yes) == Texts{"Nothing is waiting for your answer."});
  CHECK(world.servers().size() == 1);
  CHECK(is_down(world.say("alice", yes)));
  CHECK(world.say("alice", yes) == Texts{"Nothing is waiting for your answer."});
}

TEST_CASE("several open questions are told apart by their codes") {
  World world;
  world.behave("busy");
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox up tests cpx22");
  world.say("alice", "!devbox down main");
  const auto main = world.last().choices.at(0);
  world.say("alice", "!devbox down tests");
  const auto tests = world.last().choices.at(0);
  CHECK(world.say("alice", "!devbox yes") ==
        Texts{"Several questions are open. Say which: `yes CODE`, with one of " + main.substr(4) + ", " +
              tests.substr(4) + "."});
  CHECK(world.say("alice", "!devbox " + tests).back().starts_with("✓ alice-tests is down."));
  CHECK(world.servers().size() == 1);
  CHECK(is_down(world.say("alice", "!devbox " + main)));
}

TEST_CASE("what was written out and does not shut down is deleted without a question") {
  World world(configured([](bot::Config& config) { config.settings.limits.shutdown = 50ms; }));
  come_up(world, "no_shutdown");
  CHECK(is_down(world.say("alice", "!devbox down")));
  CHECK(world.servers().empty());
}

TEST_CASE("what could not be written out is deleted when its owner says so") {
  World world;
  come_up(world, "flush_fails");
  CHECK(world.say("alice", "!devbox down").back() ==
        "alice could not write everything out: umount: /home: target is busy. Delete the server all the "
        "same? What is not on the disk is lost.");
  CHECK(is_down(world.say("alice", "!devbox yes")));
}
