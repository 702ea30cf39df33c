#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

Setting hurried() {
  return configured([](bot::Config& config) {
    config.settings.limits.stage_join = 300ms;
    config.settings.limits.undo_watch = 400ms;
  });
}

std::string path_of_server(World& world) { return "/v1/servers/" + world.servers()[0]["id"].dump(); }

void fail(World& world, const std::string& method, const std::string& path, json how) {
  how["method"] = method;
  how["path"] = path;
  world.sim("POST", "/_sim/faults", how);
}

}  // namespace

TEST_CASE("a server that somebody renamed is taken away by the undo of its up") {
  World world(hurried());
  world.behave("no_join");
  world.begin("alice", "!devbox up cpx32");
  world.until_step("create server");
  world.sim("PUT", path_of_server(world), {{"name", "mine-now"}});
  CHECK(world.until_quiet().back().starts_with("✗ alice is not up: the machine did not join"));
  CHECK(world.servers().empty());
  CHECK(world.usable_keys() == 0);
}

TEST_CASE("a server that was renamed before its answer was known is adopted all the same") {
  World world;
  fail(world, "POST", "/v1/servers", {{"cut", "after"}});
  fail(world, "GET", "/v1/servers", {{"delay_ms", 200}});
  world.begin("alice", "!devbox up cpx32");
  world.until([&] { return !world.servers().empty(); });
  world.sim("PUT", path_of_server(world), {{"name", "mine-now"}});
  CHECK(world.until_quiet().back().starts_with("✓ alice is up"));
  CHECK(world.servers().size() == 1);
  CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("an up of what somebody deleted makes a new server") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.sim("DELETE", path_of_server(world), nullptr);
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
  CHECK(world.servers().size() == 1);
  CHECK(world.devices().size() == 1);
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("what somebody deleted leaves no device behind, also when its next up is refused") {
  World world(
      configured([](bot::Config& config) { config.settings.substitutes = commands::Substitutes::off; }));
  world.say("alice", "!devbox up cpx32");
  world.sim("DELETE", path_of_server(world), nullptr);
  world.sim("PUT", "/_sim/stock", {{"type", "cpx32"}, {"location", "fsn1"}, {"available", false}});
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✗ alice is not up: "));
  CHECK(world.devices().empty());
  CHECK(world.say("alice", "!devbox status")[0].starts_with("– alice is down"));
}

TEST_CASE("an up of what somebody switched off says so, and down takes it") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.sim("POST", path_of_server(world) + "/actions/poweroff", json::object());
  world.until([&] { return world.servers()[0]["status"] == "off"; });
  const auto said = world.say("alice", "!devbox up");
  REQUIRE(said.size() == 1);
  CHECK(said[0] ==
        "✗ `up` has not been done: alice has a server (cpx32) that is off, and it is billed. !devbox down "
        "deletes it; volume and address stay.");
  CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("an up of a kept server that never joined does not call it up") {
  World world(hurried());
  world.behave("no_join");
  world.say("alice", "!devbox up cpx32 --keep");
  CHECK(
      world.say("alice", "!devbox up")
          .back()
          .starts_with("✗ `up` has not been done: alice has a server (cpx32) that never joined the tailnet"));
  CHECK(world.servers().size() == 1);
}

TEST_CASE("a volume or an address whose creation was not confirmed is named by the failure") {
  const auto [kind, stays] = GENERATE(table<std::string, std::string>(
      {{"volumes", "\n  What stays: 20 GB volume, "}, {"primary_ips", " and IPv4 203.0.113.1, "}}));
  World world(hurried());
  fail(world, "POST", "/v1/" + kind, {{"cut", "after"}});
  fail(world, "GET", "/v1/" + kind, {{"status", 503}, {"count", 6}});
  const auto said = world.say("alice", "!devbox up cpx32").back();
  INFO(said);
  CHECK(said.starts_with("✗ alice is not up: "));
  CHECK(said.find(stays) != std::string::npos);
  CHECK(world.volumes().size() == 1);
  CHECK(world.ips().size() <= 1);
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
  CHECK(world.get("/v1/volumes")["volumes"].size() == 1);
}

TEST_CASE("what comes late of a create is taken away, also where the next one was never sent") {
  World world(configured([](bot::Config& config) {
    config.settings.limits.request = 300ms;
    config.settings.limits.undo_watch = 2s;
  }));
  fail(world, "POST", "/v1/servers", {{"delay_ms", 900}});
  world.tailnet("POST", "/_sim/faults",
                {{"method", "DELETE"}, {"path", "/api/v2/tailnet/-/keys/*"}, {"status", 423}});
  const auto said = world.say("alice", "!devbox up cpx32").back();
  INFO(said);
  CHECK(said.starts_with("✗ alice is not up: the tailnet: Tailscale refused to revoke"));
  CHECK(said.find("Its server (cpx32) was deleted") != std::string::npos);
  CHECK(world.servers().empty());
  CHECK(world.usable_keys() == 0);
}

TEST_CASE("an up that was cancelled while nobody ran looks for what came of its last request") {
  World world(hurried());
  fail(world, "POST", "/v1/volumes", {{"delay_ms", 100}});
  world.begin("alice", "!devbox up cpx32");
  world.until([&] {
    return world.storage().journal.steps(world.storage().journal.unfinished()[0].id).contains("preflight");
  });
  const auto operation = world.storage().journal.unfinished()[0].id;
  world.storage().journal.note(operation, "cancel", "it was cancelled");
  world.restart();
  CHECK(world.until_quiet().back().starts_with("✗ alice is not up: it was cancelled."));
  const auto row = world.storage().workspaces.all()[0];
  CHECK((row.volume_id != 0) == (world.volumes().size() == 1));
}
