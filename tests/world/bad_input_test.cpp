#include <fstream>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

/// What was said to `line`, which is one message, and after which nothing is there.
std::string refused(World& world, const std::string& line) {
  const auto said = world.say("alice", line);
  INFO(line);
  REQUIRE(said.size() == 1);
  CHECK(world.storage().journal.unfinished().empty());
  return said[0];
}

void check_nothing_was_made(World& world) {
  CHECK(world.servers().empty());
  CHECK(world.volumes().empty());
  CHECK(world.ips().empty());
  CHECK(world.devices().empty());
}

json built_in_catalogue() {
  std::ifstream in(DEVBOX_SOURCE_DIR "/hetzner/simulator/catalogue.json");
  return json::parse(in);
}

}  // namespace

TEST_CASE("a line that is no command is answered with one sentence, and nothing is done") {
  World world;
  CHECK(refused(world, "!devbox upp") ==
        "There is no command \"upp\". Did you mean `up`? !devbox help lists them. Nothing was done.");
  CHECK(refused(world, "!devbox up \"cpx32").starts_with("A quote is opened and never closed"));
  CHECK(refused(world, "!devbox up " + std::string(64 * 1024, 'x')) ==
        "That line is longer than 4 KiB. Nothing was done.");
  CHECK(refused(world, std::string("!devbox up \0cpx32", 17)) ==
        "That line is no UTF-8 text. Nothing was done.");
  CHECK(refused(world, "!devbox status " + std::string(100, '"')).size() < 200);
  CHECK(refused(world, "!devbox").starts_with("An example of each;"));
  CHECK(world.say("alice", "").empty());
  CHECK(world.say("alice", "   \n\n").empty());
  check_nothing_was_made(world);
}

TEST_CASE("a length of time that cannot be is refused, and the workspace stays as it is") {
  World world;
  world.say("alice", "!devbox up cpx32");
  for (const auto* time : {"-5m", "0m", "99999999999999999999h", "5", "soon", "1e9d", "8d"}) {
    const auto said = refused(world, std::string("!devbox down in ") + time);
    INFO(said);
    CHECK((said.starts_with("\"" + std::string(time) + "\" is ") ||
           said == "`down in` takes at most 7 days: nobody would remember. Nothing was done."));
  }
  CHECK(world.servers().size() == 1);
  CHECK(world.say("alice", "!devbox status")[0].find("stops at") == std::string::npos);
}

TEST_CASE("an image that does not fit the type is refused before any money") {
  const TempDir directory;
  auto catalogue = built_in_catalogue();
  for (auto& snapshot : catalogue["snapshots"])
    if (snapshot["description"] == "debian-dev") snapshot["disk_size"] = 80;
  std::ofstream(directory.file("catalogue.json")) << catalogue;
  Setting setting;
  setting.catalogue = directory.file("catalogue.json");
  World world(setting);
  CHECK(world.say("alice", "!devbox up cpx12 image=debian-dev")
            .back()
            .starts_with("✗ alice is not up: The newest image of debian-dev needs a disk of 80 GB, cpx12 has "
                         "40 GB. Choose "
                         "another type or image=FLAVOUR. Nothing was made."));
  world.sim("PUT", "/_sim/stock",
            {{"type", "cax21"}, {"location", "fsn1"}, {"available", true}, {"create", "ok"}});
  CHECK(world.say("alice", "!devbox up cax21")
            .back()
            .starts_with("✗ alice is not up: The newest image of ubuntu-dev is for x86, cax21 is arm. Choose "
                         "another type or "
                         "image=FLAVOUR. Nothing was made."));
  check_nothing_was_made(world);
}

TEST_CASE("a project without a snapshot says so") {
  const TempDir directory;
  auto catalogue = built_in_catalogue();
  catalogue["snapshots"] = json::array();
  std::ofstream(directory.file("catalogue.json")) << catalogue;
  Setting setting;
  setting.catalogue = directory.file("catalogue.json");
  World world(setting);
  CHECK(world.say("alice", "!devbox up")
            .back()
            .starts_with("✗ alice is not up: No snapshot of the project is labelled os-flavor=ubuntu-dev. No "
                         "snapshot has such a "
                         "label yet: build one. Nothing was made."));
  CHECK(world.say("alice", "!devbox images").back() ==
        "No snapshot of the project has a label os-flavor yet, so nothing can come up. Build one.");
  check_nothing_was_made(world);
}

TEST_CASE("a token that is revoked in the middle leaves what was made, and says what that costs") {
  World world;
  world.sim("POST", "/_sim/faults",
            {{"method", "POST"}, {"path", "/v1/servers"}, {"status", 401}, {"code", "unauthorized"}});
  CHECK(world.say("alice", "!devbox up cpx32").back() ==
        "✗ alice is not up: Hetzner refuses the token. An admin has to put in a valid one.\n"
        "  No server was made.\n"
        "  What stays: 20 GB volume and IPv4 203.0.113.1, €1.64 a month.\n"
        "  !devbox up tries again.");
  CHECK(world.servers().empty());
  CHECK(world.usable_keys() == 0);
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("a limit of the project is told with what to ask Hetzner for") {
  World world;
  world.sim("POST", "/_sim/faults",
            {{"method", "POST"},
             {"path", "/v1/primary_ips"},
             {"status", 403},
             {"code", "resource_limit_exceeded"}});
  CHECK(world.say("alice", "!devbox up cpx32")
            .back()
            .starts_with("✗ alice is not up: the Hetzner project may not have more: its limit for the "));
  CHECK(world.last().text.find("Hetzner's console") != std::string::npos);
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
}

TEST_CASE("an endpoint that is down, or speaks of something else, is told") {
  const auto [path, why] = GENERATE(table<std::string, std::string>(
      {{"", "Hetzner Cloud gives no answer (GET /"}, {"/nothing", "Hetzner refused: "}}));
  // What is read at start comes from the right place; then somebody points it elsewhere.
  World world;
  world.sim("POST", "/_sim/faults",
            {{"method", "GET"},
             {"path", "/v1/server_types"},
             {"status", path.empty() ? 502 : 404},
             {"code", path.empty() ? "bad_gateway" : "nothing_here"},
             {"count", 100}});
  const auto said = world.say("alice", "!devbox up cpx32").back();
  INFO(said);
  CHECK(said.starts_with("✗ alice is not up: " + why));
  CHECK(said.find("No server was made.") != std::string::npos);
  check_nothing_was_made(world);
  world.sim("DELETE", "/_sim/faults", nullptr);
  world.until([&] { return !world.say("alice", "!devbox up cpx32").back().starts_with("Hetzner has not"); });
  CHECK(world.last().text.starts_with("✓ alice is up"));
}
