#include <algorithm>

#include "tests/catch.hpp"
#include "tests/tailnet/scene.hpp"

using namespace tailnet;
using namespace tailnet::test;
using namespace std::chrono_literals;

/// What commands rely on, whoever controls the tailnet.
namespace {

/// Tailscale, and the headscales whose answers differ.
int any_kind() { return GENERATE(0, 26, 28, 29); }

std::string mint_path(int kind) { return kind == 0 ? "/api/v2/tailnet/-/keys" : "/api/v1/preauthkey"; }
std::string devices_path(int kind) { return kind == 0 ? "/api/v2/tailnet/-/devices" : "/api/v1/node"; }

std::string label(const Device& device) { return device.name.substr(0, device.name.find('.')); }

}  // namespace

TEST_CASE("a key admits one machine, which is ephemeral, tagged and known by its name") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  const auto key = scene.mint();
  CHECK(scene.join(key.secret, "alice").status == 200);
  CHECK(scene.join(key.secret, "alice").status == 403);
  const auto devices = run(scene.io, scene.tailnet.devices());
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].name == "alice.tail1234.ts.net");
  CHECK(devices[0].hostname == "alice");
  CHECK(devices[0].tags == std::vector<std::string>{"tag:devbox"});
  CHECK(devices[0].addresses.size() == 2);
  CHECK(devices[0].online);
  CHECK(devices[0].created >= std::chrono::floor<std::chrono::seconds>(key.created));
  CHECK(devices[0].key_id == (kind == 0 ? "" : key.id));
  CHECK(scene.ask("GET", "/_sim/devices").body[0]["isEphemeral"] == true);
}

TEST_CASE("a revoked key admits nobody, and revoking it again is done already") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  const auto key = scene.mint(), other = scene.mint();
  run(scene.io, scene.tailnet.revoke(key.id));
  CHECK(scene.join(key.secret, "alice").status == 403);
  run(scene.io, scene.tailnet.revoke(key.id));
  run(scene.io, scene.tailnet.revoke("999"));
  const auto keys = scene.ask("GET", "/_sim/keys").body;
  CHECK((keys[0]["revoked"] == true && keys[1]["revoked"] == false));
  CHECK(scene.join(other.secret, "alice").status == 200);
  run(scene.io, scene.tailnet.revoke(other.id));
}

TEST_CASE("keys are found again by what they were made for, as long as they open something") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  const auto first = scene.mint("devbox op1"), second = scene.mint("devbox op1");
  const auto used = scene.mint("devbox op1"), revoked = scene.mint("devbox op1");
  const auto other = scene.mint("devbox op2");
  scene.join(used.secret, "alice");
  run(scene.io, scene.tailnet.revoke(revoked.id));
  CHECK(run(scene.io, scene.tailnet.keys("devbox op1")) == std::vector<std::string>{first.id, second.id});
  CHECK(run(scene.io, scene.tailnet.keys("devbox op2")) == std::vector<std::string>{other.id});
  CHECK(run(scene.io, scene.tailnet.keys("devbox op3")).empty());
}

TEST_CASE("a key whose making nobody saw the end of is found and revoked") {
  const int kind = any_kind();
  INFO("kind " << kind);
  for (const auto* cut : {"after", "half"}) {
    Scene scene("tag:devbox", "", kind);
    scene.mint("devbox op0");
    scene.fault({{"method", "POST"}, {"path", mint_path(kind)}, {"cut", cut}});
    CHECK_THROWS_AS(scene.mint(), Error);
    CHECK(scene.count("POST", mint_path(kind)) == 2);
    const auto left = run(scene.io, scene.tailnet.keys("devbox op1"));
    REQUIRE(left.size() == 1);
    run(scene.io, scene.tailnet.revoke(left[0]));
    CHECK(run(scene.io, scene.tailnet.keys("devbox op1")).empty());
    CHECK(run(scene.io, scene.tailnet.keys("devbox op0")).size() == 1);
  }
}

TEST_CASE("a device is deleted, deleting it again is done already, and its name is free") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  scene.join_new("alice");
  const auto devices = run(scene.io, scene.tailnet.devices());
  REQUIRE(devices.size() == 1);
  run(scene.io, scene.tailnet.delete_device(devices[0].id));
  run(scene.io, scene.tailnet.delete_device(devices[0].id));
  CHECK(run(scene.io, scene.tailnet.devices()).empty());
  CHECK(scene.count("DELETE", "/" + devices[0].id) == 2);
  CHECK(scene.join_new("alice") == "alice.tail1234.ts.net");
}

TEST_CASE("a name that is taken gets a suffix, and the name that the API gave is told") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  scene.join_new("alice");
  scene.ask("POST", "/_sim/clock", {{"advance_s", 10}});
  scene.still.advance(10s);
  const auto key = scene.mint();
  const std::string name = scene.join(key.secret, "alice").body["name"];
  const auto node = run(scene.io, scene.tailnet.until_online("alice", given(key)));
  CHECK(node.name == name);
  const auto devices = run(scene.io, scene.tailnet.devices());
  REQUIRE(devices.size() == 2);
  const bool is_numbered = kind == 0 || kind >= 29;
  CHECK(label(devices[1]).size() == std::string(is_numbered ? "alice-1" : "alice-12345678").size());
  CHECK((label(devices[1]) == "alice-1") == is_numbered);
}

TEST_CASE("a dead machine that still looks connected is not taken for the new one") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  scene.join_new("alice");
  scene.ask("POST", "/_sim/clock", {{"advance_s", 10}});
  const auto key = scene.mint();
  Waiting waiting(scene, "alice", given(key));
  while (scene.count("GET", devices_path(kind)) < 1) scene.calm();
  CHECK(run(scene.io, scene.tailnet.devices()).at(0).online);
  CHECK_FALSE(waiting->ended());
  const std::string name = scene.join(key.secret, "alice").body["name"];
  scene.tailnet.poke();
  run_until(scene.io, [&] { return waiting->ended(); });
  REQUIRE(waiting.node->has_value());
  CHECK((*waiting.node)->name == name);
}

TEST_CASE("a device without our tag is none of ours, whatever it is called") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  scene.join_new("alice");
  const auto options =
      kind == 0 ? Scene::client_options("tag:other", "") : Scene::headscale_options("tag:other", "");
  Tailnet others(scene.io.get_executor(), scene.http, scene.still, scene.random, options);
  CHECK(run(scene.io, others.devices()).empty());
}

TEST_CASE("each owner has a tag of their own, and all of them are ours") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Tail tail("", "tag:devbox-{owner}", kind);
  const std::string pattern = "tag:devbox-{owner}";
  const auto options = kind == 0 ? Scene::client_options(pattern, "") : Scene::headscale_options(pattern, "");
  net::Random random(1);
  Tailnet tailnet(tail.io.get_executor(), tail.http, tail.clock, random, options);
  for (const auto* owner : {"alice", "bob"}) {
    const auto key = run(tail.io, tailnet.mint({owner, "devbox op1", 15min}));
    CHECK(tail.join(key.secret, owner).status == 200);
  }
  const auto devices = run(tail.io, tailnet.devices());
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].tags == std::vector<std::string>{"tag:devbox-alice"});
  CHECK(devices[1].tags == std::vector<std::string>{"tag:devbox-bob"});
}

TEST_CASE("what became of a key is known by its id") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  const auto used = scene.mint(), revoked = scene.mint(), left = scene.mint();
  const auto state = [&](const AuthKey& key) {
    return run(scene.io, scene.tailnet.key_state(key.id, "devbox op1"));
  };
  CHECK(state(used) == KeyState::usable);
  CHECK(scene.join(used.secret, "alice").status == 200);
  run(scene.io, scene.tailnet.revoke(revoked.id));
  CHECK(state(used) == KeyState::used);
  CHECK(state(revoked) == KeyState::revoked);
  CHECK(run(scene.io, scene.tailnet.key_state("999", "devbox op1")) == KeyState::revoked);
  scene.still.advance(2h);
  CHECK(state(left) == KeyState::expired);
}

TEST_CASE("a 429 is obeyed by whatever asks") {
  const int kind = any_kind();
  INFO("kind " << kind);
  Scene scene("tag:devbox", "", kind);
  run(scene.io, scene.tailnet.keys("devbox op1"));
  scene.fault({{"method", "POST"}, {"path", mint_path(kind)}, {"status", 429}});
  bool is_made = false;
  const KeyWish wish{"alice", "devbox op1", 15min};
  const auto mint = [&]() -> net::awaitable<void> {
    co_await scene.tailnet.mint(wish);
    is_made = true;
  };
  Started minting(scene.io, mint());
  while (scene.count("POST", mint_path(kind)) < 1) scene.calm();
  scene.still.advance(999ms);
  scene.calm();
  CHECK(scene.count("POST", mint_path(kind)) == 1);
  scene.still.advance(1ms);
  run_until(scene.io, [&] { return minting.ended(); });
  CHECK(is_made);
  CHECK(scene.count("POST", mint_path(kind)) == 2);
}
