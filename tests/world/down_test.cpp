#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

void behave(World& world, const std::string& report) {
  world.sim("PUT", "/_sim/servers/default/behaviour", {{"report", report}});
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
  Setting setting;
  setting.configure = [](bot::Config& config) {
    config.settings.limits.flush = std::chrono::milliseconds(50);
    config.settings.limits.shutdown = std::chrono::milliseconds(50);
  };
  World world(setting);
  world.say("alice", "!devbox up cpx32");
  const auto id = world.servers()[0]["id"].get<std::int64_t>();
  world.sim("PUT", "/_sim/servers/" + std::to_string(id) + "/behaviour", {{"report", "flush_hangs"}});
  const auto said = world.say("alice", "!devbox down");
  INFO(said.back());
  if (said.back().starts_with("alice neither answers"))
    CHECK(world.say("alice", "!devbox yes").back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("a server that somebody deleted by hand is down without a fuss") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto id = world.servers()[0]["id"].get<std::int64_t>();
  world.sim("DELETE", "/v1/servers/" + std::to_string(id), nullptr);
  CHECK(world.say("alice", "!devbox down --force").back().starts_with("✓ alice is down."));
  CHECK(world.devices().empty());
}
