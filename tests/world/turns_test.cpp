#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;
using Catch::Matchers::Contains;

namespace {

/// alice is an operator, root an admin; cpx42 wants consent.
void with_consent(bot::Config& config) {
  auto& policy = config.settings.policy;
  policy.operators = {"console:alice"};
  policy.admins = {"console:root"};
  policy.approve.types = {"cpx42"};
}

std::string server_of(World& world) { return world.servers().at(0)["id"].dump(); }

std::string oldest_snapshot(World& world) {
  return world
      .get("/v1/images?type=snapshot&sort=created&label_selector=os-flavor=ubuntu-dev")["images"][0]["id"]
      .dump();
}

}  // namespace

TEST_CASE("who needs consent for a type is told so before anything goes down") {
  World world(configured(with_consent));
  world.say("bob", "!devbox up cpx32");
  const auto before = server_of(world);
  CHECK(
      world.say("bob", "!devbox resize cpx42 --now").back() ==
      "✗ `resize` has not been done: cpx42 needs an operator's consent ([policy] approve): without --now its "
      "next `up` asks for it. Nothing was done.");
  CHECK_THAT(world.say("bob", "!devbox resize cpx42").back(), Contains("that `up` asks for it."));
  CHECK(world.say("bob", "!devbox rebuild").back() ==
        "✗ `rebuild` has not been done: cpx42 needs an operator's consent ([policy] approve): after `down`, "
        "!devbox up asks for it. Nothing was done.");
  CHECK(server_of(world) == before);
}

TEST_CASE("who makes the rule, and what was allowed already, is rebuilt without asking anybody") {
  World world(configured(with_consent));
  world.say("root", "!devbox up cpx42");
  CHECK(world.say("root", "!devbox rebuild").back().starts_with("✓ root is up"));
  world.say("root", "!devbox down");
  world.say("bob", "!devbox up cpx42");
  world.say("alice", "!devbox approve 1");
  world.until([&] { return world.heard("✓ bob is up") == 1; });
  CHECK(world.say("bob", "!devbox rebuild").back().starts_with("✓ bob is up"));
}

TEST_CASE("a rebuild is one of the servers that a person may make in an hour") {
  World world(configured([](bot::Config& config) { config.settings.policy.creates_per_hour = 1; }));
  world.say("alice", "!devbox up cpx32");
  const auto before = server_of(world);
  CHECK_THAT(world.say("alice", "!devbox rebuild").back(), Contains("as many servers as a person may"));
  CHECK_THAT(world.say("alice", "!devbox resize cpx42 --now").back(), Contains("as many servers as"));
  CHECK(server_of(world) == before);
}

TEST_CASE("what was said of the end of a server holds for the one that takes its place") {
  World world;
  world.say("alice", "!devbox up cpx32 for 3h");
  CHECK_THAT(world.last().text, Contains("stops at"));
  world.say("alice", "!devbox keep for 2h");
  CHECK_THAT(world.say("alice", "!devbox rebuild").back(), Contains("stops at"));
  const auto session = world.storage().sessions.running().at(0).server_id;
  const auto holds = world.storage().holds.of(session);
  REQUIRE(holds.size() == 2);
  CHECK(holds[0].said == "up for 3h");
  CHECK(holds[1].kind == "keep");
}

TEST_CASE("a down that was put off comes after a rebuild, too") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down in 6h");
  CHECK_THAT(world.say("alice", "!devbox rebuild").back(), Contains("stops at"));
}

TEST_CASE("of two ends the sooner one comes after a rebuild, too") {
  const auto [length, wait] = GENERATE(table<std::string, std::string>({{"3h", "1h"}, {"1h", "3h"}}));
  World world;
  world.say("alice", "!devbox up cpx32 for " + length);
  const auto now = net::SystemClock().now();
  world.say("alice", "!devbox down in " + wait);
  world.say("alice", "!devbox rebuild");
  const auto holds = world.storage().holds.of(world.storage().sessions.running().at(0).server_id);
  REQUIRE(holds.size() == 1);
  CHECK(holds[0].until < now + 2h);
}

TEST_CASE("no to a resize keeps the type, too") {
  World world;
  world.behave("busy");
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox resize cpx42 --now");
  CHECK(world.say("alice", "!devbox no").back() ==
        "✗ `resize` has not been done: it is at work, and stays up.");
  world.say("alice", "!devbox down --force");
  CHECK_THAT(world.say("alice", "!devbox up --plan").back(), Contains("cpx32"));
}

TEST_CASE("a type that it has already is no other one, and what takes a type's place is not taken unasked") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto before = server_of(world);
  CHECK(world.say("alice", "!devbox resize cpx32").back() == "alice is a cpx32 already. Nothing was done.");
  world.say("alice", "!devbox resize cpx42");
  CHECK_THAT(world.say("alice", "!devbox resize cpx32").back(), Contains("✓ alice is cpx32"));
  CHECK_THAT(world.say("alice", "!devbox resize cpx11 --now").back(),
             Contains("✗ `resize` has not been done: ") && Contains("--now takes that. Nothing was done."));
  CHECK(server_of(world) == before);
}

TEST_CASE("who cancels a rebuild that goes down does not see it come up again") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.begin("alice", "!devbox rebuild");
  world.until([&] { return world.count("DELETE /v1/servers/") == 1; });
  world.begin("alice", "!devbox cancel");
  const auto said = world.until_quiet();
  CHECK(world.heard("`down` of alice cannot be stopped half-way; it does not come up again after it.") == 1);
  CHECK(world.servers().empty());
  CHECK(world.heard("✓ alice is up") == 1);
}

TEST_CASE("the image that a failed rebuild was asked for is in the line that tries again") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.behave("failed");
  CHECK_THAT(world.say("alice", "!devbox rebuild image=debian-dev").back(),
             Contains("✗ alice is not up") && Contains("!devbox up image=debian-dev tries again."));
}

TEST_CASE("an image that is named by its number stays, and says so") {
  World world;
  const auto image = oldest_snapshot(world);
  CHECK_THAT(world.say("alice", "!devbox up cpx32 image=" + image)[0],
             Contains("it stays with this image until image=FLAVOUR is said"));
  CHECK_THAT(world.say("alice", "!devbox rebuild")[0], Contains("it stays with this image"));
  CHECK_THAT(world.say("alice", "!devbox rebuild image=ubuntu-dev")[0], !Contains("it stays"));
  CHECK(world.say("alice", "!devbox rebuild image=\"x y;&\"").back() ==
        "✗ `rebuild` has not been done: \"x y;&\" cannot be an image's flavour; `images` lists those there "
        "are. "
        "Nothing was made.");
}

TEST_CASE("a snapshot that comes into use while the question is open is kept") {
  World world(configured([](bot::Config& config) { config.settings.policy.operators = {"console:alice"}; }));
  const auto image = oldest_snapshot(world);
  world.say("alice", "!devbox images");
  CHECK_THAT(world.say("alice", "!devbox images prune keep=1").back(), Contains(image));
  world.say("bob", "!devbox up cpx32 image=" + image);
  CHECK_THAT(world.say("alice", "!devbox yes").back(), Contains("✓ Deleted 0 snapshots.") &&
                                                           Contains("Kept, for it is used by now:") &&
                                                           Contains(image));
  world.say("bob", "!devbox up image=ubuntu-dev");
  world.say("bob", "!devbox rebuild image=ubuntu-dev");
  world.say("alice", "!devbox images prune keep=1");
  CHECK_THAT(world.say("alice", "!devbox yes").back(), Contains("✓ Deleted 1 snapshot:"));
  CHECK_THAT(world.say("alice", "!devbox images").back(), !Contains(image));
}

TEST_CASE("a volume grows one step at a time, and what stays has its new price") {
  World world;
  world.say("alice", "!devbox up cpx32");
  CHECK_THAT(world.say("alice", "!devbox grow 40 GB").back(), Contains("from 20 to 40 GB?"));
  CHECK_THAT(world.say("alice", "!devbox grow 40").back(), Contains("`grow`") && Contains("alice"));
  world.say("alice", "!devbox yes");
  CHECK_THAT(world.say("alice", "!devbox down").back(), Contains("Kept: 40 GB volume") && Contains("€2.79"));
}
