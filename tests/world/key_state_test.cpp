#include <thread>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;
using Catch::Matchers::StartsWith;

namespace {

/// A machine that does not come, and a key that is good for a second or two.
Setting without_join(int headscale) {
  auto setting = configured([](bot::Config& config) {
    config.settings.limits.stage_boot = 1s;
    config.settings.limits.stage_join = 500ms;
  });
  setting.tailnet.headscale = headscale;
  return setting;
}

void begin_without_join(World& world) {
  world.behave("no_join");
  world.begin("alice", "!devbox up cpx32");
}

/// headscale before 0.28 shows its keys.
std::string secret_of_headscale(World& world) {
  return world.tailnet("GET", "/api/v1/preauthkey?user=1", nullptr)["preAuthKeys"][0]["key"];
}

void revoke_by_hand(World& world, int kind) {
  if (kind == 26) {
    const json body = {{"user", "1"}, {"key", secret_of_headscale(world)}};
    world.tailnet("POST", "/api/v1/preauthkey/expire", body);
  } else {
    const std::string id = world.tailnet("GET", "/_sim/keys", nullptr)[0]["id"];
    if (kind == 0) world.tailnet("DELETE", "/api/v2/tailnet/-/keys/" + id, nullptr);
    if (kind != 0) world.tailnet("POST", "/api/v1/preauthkey/expire", {{"id", id}});
  }
}

const std::string late = "✗ alice is not up: the machine did not join the tailnet within 1 s. Its key ";

}  // namespace

TEST_CASE("of a machine that did not join is told when its key was revoked") {
  const int kind = GENERATE(0, 26, 28);
  INFO("kind " << kind);
  World world(without_join(kind));
  begin_without_join(world);
  world.until_step("create server");
  revoke_by_hand(world, kind);
  CHECK_THAT(world.until_quiet().back(),
             StartsWith(late + "was revoked in the tailnet, or is not known there.\n"));
}

TEST_CASE("of a machine that did not join is told when its key was used by another one") {
  World world(without_join(26));
  begin_without_join(world);
  world.until_step("create server");
  const auto other =
      world.tailnet("POST", "/_sim/join", {{"key", secret_of_headscale(world)}, {"hostname", "other"}});
  world.tailnet("POST", "/_sim/offline", {{"id", other["id"]}});
  CHECK_THAT(world.until_quiet().back(),
             StartsWith("✗ alice is not up: the machine did not join the tailnet within 1 s. Its key, which "
                        "is good for one machine, was used already: "
                        "the tailnet's list of devices shows by which.\n"));
}

TEST_CASE("of a machine that did not join is told when its key has expired") {
  const int kind = GENERATE(0, 26);
  INFO("kind " << kind);
  World world(without_join(kind));
  begin_without_join(world);
  world.until_step("boot");
  std::this_thread::sleep_for(3100ms);
  CHECK_THAT(world.until_quiet().back(), StartsWith(late + "had expired before it was used.\n"));
}

TEST_CASE("of a machine that did not join nothing more is told when the tailnet does not answer") {
  World world(without_join(0));
  begin_without_join(world);
  world.until_step("boot");
  world.tailnet("POST", "/_sim/faults",
                {{"method", "GET"}, {"path", "/api/v2/tailnet/-/keys/*"}, {"status", 403}});
  CHECK_THAT(world.until_quiet().back(),
             StartsWith("✗ alice is not up: the machine did not join the tailnet within 1 s.\n"));
}
