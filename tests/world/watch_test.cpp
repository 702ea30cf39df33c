#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

void stock(World& world, const std::string& type, const std::string& create, bool available = true,
           const std::string& location = "fsn1") {
  world.sim("PUT", "/_sim/stock",
            {{"type", type}, {"location", location}, {"available", available}, {"create", create}});
}

Setting with_substitutes(commands::Substitutes substitutes) {
  return configured([=](bot::Config& config) {
    config.settings.substitutes = substitutes;
    config.settings.limits.reconcile = 50ms;
  });
}

}  // namespace

TEST_CASE("whoever watches is told once when the type is back") {
  World world(with_substitutes(commands::Substitutes::off));
  stock(world, "cpx32", "412", false);
  world.say("alice", "!devbox up cpx32");
  CHECK(world.last().choices == Texts{"watch cpx32 location=fsn1"});
  CHECK(world.say("alice", "!devbox watch cpx32 location=fsn1")[0] ==
        "You are told here, once, when cpx32 can be ordered in fsn1. `watch off` ends it.");
  world.say("alice", "!devbox watch cpx32");
  world.say("bob", "!devbox watch cpx32");
  CHECK(world.say("bob", "!devbox watch off")[0] == "You are told nothing more of what is sold.");
  stock(world, "cpx32", "ok");
  const std::string back = "cpx32 can be ordered in fsn1 again: !devbox up cpx32";
  world.until([&] { return world.heard(back) == 1; });
  CHECK(world.last().mentions == Texts{"console:alice"});
  const auto asked = world.count("GET /v1/server_types");
  world.until([&] { return world.count("GET /v1/volumes") > 8; });
  CHECK(world.heard(back) == 1);
  CHECK(world.count("GET /v1/server_types") == asked);
}

TEST_CASE("what cannot be watched for is refused") {
  World world;
  world.say("alice", "!devbox types");
  CHECK(world.say("alice", "!devbox watch")[0] ==
        "`watch` takes one server type, or `off`; for example: watch cpx32. Nothing was done.");
  CHECK(world.say("alice", "!devbox watch cx22")[0] ==
        "cx22 has not been sold since 2025-12-31 and will not come back. Nothing was done.");
  CHECK(world.say("alice", "!devbox watch cpx99")[0] ==
        "There is no server type \"cpx99\"; types lists them. Nothing was done.");
  CHECK(world.say("alice", "!devbox watch garden")[0] ==
        "\"garden\" is no server type; for example: watch cpx32. Nothing was done.");
  CHECK(world.say("alice", "!devbox watch cpx32 location=mars")[0] ==
        "Hetzner has no location \"mars\". There are: fsn1, nbg1, hel1, ash, hil, sin. Nothing was made.");
  CHECK(world.say("alice", "!devbox watch off")[0] == "You watch for nothing.");
}

TEST_CASE("what can be had already is not watched for, and the ping names the place") {
  World world(with_substitutes(commands::Substitutes::off));
  CHECK(world.say("alice", "!devbox watch cpx32")[0] == "cpx32 can be ordered in fsn1 now: !devbox up cpx32");
  world.say("alice", "!devbox watch cx23 location=nbg1");
  stock(world, "cx23", "ok", true, "nbg1");
  world.until(
      [&] { return world.heard("cx23 can be ordered in nbg1 again: !devbox up cx23 location=nbg1") == 1; });
}
