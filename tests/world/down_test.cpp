#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

void behave(World& world, const std::string& report) {
  world.sim("PUT", "/_sim/servers/default/behaviour", {{"report", report}});
}

void behave_now(World& world, const std::string& report) {
  const auto id = world.servers().at(0)["id"].dump();
  world.sim("PUT", "/_sim/servers/" + id + "/behaviour", {{"report", report}});
}

/// Does not wait for long.
Setting impatient() {
  return configured([](bot::Config& config) {
    auto& limits = config.settings.limits;
    limits.request = limits.flush = limits.shutdown = std::chrono::milliseconds(300);
  });
}

}  // namespace

TEST_CASE("a down asks when work is running, and no keeps the workspace up") {
  World world;
  behave(world, "busy");
  world.say("alice", "!devbox up cpx32");
  auto said = world.say("alice", "!devbox down");
  CHECK(said.back() == "alice is at work (running: make). Stop it all the same?");
  CHECK(world.say("bob", "!devbox yes")[0] == "Nothing is waiting for your answer.");
  said = world.say("alice", "!devbox no");
  CHECK(said[0] == "Understood: no.");
  CHECK(said[1] == "✗ `down` has not been done: it is at work, and stays up.");
  CHECK(world.servers().size() == 1);
  CHECK(world.say("alice", "!devbox status")[0].starts_with("✓ alice is up"));
}

TEST_CASE("a yes with the code of the question lets it go on") {
  World world;
  behave(world, "dirty");
  world.say("alice", "!devbox up cpx32");
  const auto question = world.say("alice", "!devbox down").back();
  CHECK(question.starts_with("alice is at work (uncommitted or unpushed: "));
  CHECK(world.say("alice", "!devbox yes 17")[0].starts_with("No open question of yours has the code 17"));
  const auto person = world.storage().people.find("console", "alice")->id;
  const auto open = world.storage().journal.open_questions(person, net::SystemClock().now());
  REQUIRE(open.size() == 1);
  CHECK(world.say("alice", "!devbox yes " + open[0].nonce).back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("a forced down does not ask") {
  World world;
  behave(world, "busy");
  world.say("alice", "!devbox up cpx32");
  CHECK(world.say("alice", "!devbox down --force").back().starts_with("✓ alice is down."));
}

TEST_CASE("files that could not be written out are a question") {
  World world;
  behave(world, "flush_fails");
  world.say("alice", "!devbox up cpx32");
  const auto said = world.say("alice", "!devbox down");
  CHECK(said.back().starts_with("alice could not write everything out: "));
  CHECK(world.servers().size() == 1);
  CHECK(world.say("alice", "!devbox no").back() ==
        "✗ `down` has not been done: its files are not safe yet, and it stays up, billed.");
  CHECK(world.servers().size() == 1);
}

TEST_CASE("a question that nobody answers is answered no") {
  Setting setting;
  setting.configure = [](bot::Config& config) {
    config.settings.limits.answer = std::chrono::milliseconds(50);
  };
  World world(setting);
  behave(world, "busy");
  world.say("alice", "!devbox up cpx32");
  world.begin("alice", "!devbox down");
  world.until([&] { return !world.storage().journal.unfinished().empty(); });
  world.until([&] { return world.storage().journal.unfinished().empty(); });
  CHECK(world.until_quiet().back() == "✗ `down` has not been done: it is at work, and stays up.");
  CHECK(world.servers().size() == 1);
}

TEST_CASE("a machine that neither answers nor shuts down is not cut off unasked") {
  World world(impatient());
  world.say("alice", "!devbox up cpx32");
  behave_now(world, "hung");
  const std::string question =
      "alice neither answers nor shuts down. Cut its power? What is not on the disk is lost; until then it "
      "is "
      "billed.";
  CHECK(world.say("alice", "!devbox down").back() == question);
  CHECK(world.say("alice", "!devbox no").back() ==
        "✗ `down` has not been done: it does not shut down, and stays as it is, billed.");
  CHECK(world.servers().at(0)["status"] == "running");
  CHECK(world.say("alice", "!devbox down").back() == question);
  CHECK(world.say("alice", "!devbox yes").back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("a machine that has never reported is not cut off unasked, either") {
  World world(configured([](bot::Config& config) {
    auto& limits = config.settings.limits;
    limits.stage_editor = limits.shutdown = 300ms;
  }));
  behave(world, "hung");
  world.say("alice", "!devbox up cpx32 --keep");
  CHECK(world.say("alice", "!devbox down").back() ==
        "alice neither answers nor shuts down. Cut its power? What is not on the disk is lost; until then it "
        "is billed.");
  CHECK(world.say("alice", "!devbox no").back() ==
        "✗ `down` has not been done: it does not shut down, and stays as it is, billed.");
  CHECK(world.servers().at(0)["status"] == "running");
}

TEST_CASE("a machine that does not answer is deleted when it goes off by itself") {
  World world(impatient());
  world.say("alice", "!devbox up cpx32");
  behave_now(world, "silent");
  CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
  CHECK(world.heard("alice neither") == 0);
  CHECK(world.servers().empty());
}

TEST_CASE("a machine that has written everything out is deleted, though it does not go off") {
  World world(impatient());
  world.say("alice", "!devbox up cpx32");
  behave_now(world, "no_shutdown");
  CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("who forces it is not asked, whatever the machine does") {
  const auto* report = GENERATE("hung", "flush_fails", "flush_hangs");
  CAPTURE(report);
  World world(impatient());
  world.say("alice", "!devbox up cpx32");
  behave_now(world, report);
  const auto said = world.say("alice", "!devbox down --force");
  CHECK(said.size() == 2);
  CHECK(said.back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("a machine that cannot write everything out and does not go off is asked about twice") {
  World world(impatient());
  world.say("alice", "!devbox up cpx32");
  behave_now(world, "flush_fails");
  CHECK(world.say("alice", "!devbox down").back().starts_with("alice could not write everything out: "));
  behave_now(world, "no_shutdown");
  CHECK(world.say("alice", "!devbox yes").back().starts_with("alice does not shut down. Cut its power?"));
  CHECK(world.say("alice", "!devbox yes").back().starts_with("✓ alice is down."));
}

TEST_CASE("a server that somebody deleted by hand is down without a fuss") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto id = world.servers()[0]["id"].get<std::int64_t>();
  world.sim("DELETE", "/v1/servers/" + std::to_string(id), nullptr);
  CHECK(world.say("alice", "!devbox down --force").back().starts_with("✓ alice is down."));
  CHECK(world.devices().empty());
}
