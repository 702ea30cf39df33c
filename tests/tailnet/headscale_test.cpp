#include "tests/catch.hpp"
#include "tests/tailnet/scene.hpp"

using namespace tailnet;
using namespace tailnet::test;
using namespace std::chrono_literals;

namespace {

int any_version() { return GENERATE(26, 28, 29); }

struct Headscale : Scene {
  explicit Headscale(int version, const std::string& key = "") : Scene("tag:devbox", key, version) {}
  json body_of(const std::string& path, std::size_t n = 0) {
    return json::parse(requests("POST", path).at(n)["body"].get<std::string>());
  }
};

}  // namespace

TEST_CASE("what headscale is asked for is what 0.26 and every later version takes") {
  Headscale scene(any_version());
  const auto key = scene.mint();
  const auto sent = scene.body_of("/preauthkey");
  CHECK(sent["user"] == "1");
  CHECK((sent["reusable"] == false && sent["ephemeral"] == true));
  CHECK(sent["aclTags"] == json::array({"tag:devbox"}));
  CHECK(sent.size() == 5);
  const auto expiration = sent["expiration"].get<std::string>();
  CHECK(expiration.size() == std::string("2026-11-27T05:24:14.012345Z").size());
  const auto life = parse_time(expiration) - scene.still.now();
  CHECK((life > 14min && life <= 15min + 2s));
  CHECK(scene.count("GET", "/api/v1/user") == 1);
  CHECK(scene.requests("GET", "/api/v1/user").at(0)["query"] == "name=devbox");
  scene.mint();
  CHECK(scene.count("GET", "/api/v1/user") == 1);
}

TEST_CASE("a key is expired by its text up to 0.27, where it is listed whole, and by its id from 0.28 on") {
  const int version = any_version();
  INFO("0." << version);
  Headscale scene(version);
  const auto key = scene.mint();
  CHECK(key.secret.starts_with("hskey-auth-") == (version >= 28));
  run(scene.io, scene.tailnet.revoke(key.id));
  const auto sent = scene.body_of("/expire");
  CHECK(sent == (version < 28 ? json{{"user", "1"}, {"key", key.secret}} : json{{"id", key.id}}));
  // It is seen in the list that nothing is left to do.
  run(scene.io, scene.tailnet.revoke(key.id));
  CHECK(scene.count("POST", "/expire") == 1);
}

TEST_CASE("an expiry whose answer was lost is asked for again") {
  Headscale scene(any_version());
  const auto key = scene.mint();
  scene.fault({{"path", "*/expire"}, {"cut", "after"}});
  run(scene.io, scene.tailnet.revoke(key.id));
  CHECK(scene.count("POST", "/expire") == 2);
  CHECK(scene.ask("GET", "/_sim/keys").body[0]["revoked"] == true);
}

TEST_CASE("a used key is left as it is, for it opens nothing") {
  Headscale scene(any_version());
  const auto key = scene.mint();
  scene.join(key.secret, "alice");
  run(scene.io, scene.tailnet.revoke(key.id));
  CHECK(scene.count("POST", "/expire") == 0);
}

TEST_CASE("a tag that headscale's policy does not know is taken without a word") {
  Scene scene("tag:x", "", any_version());
  scene.join_new("alice");
  CHECK(run(scene.io, scene.tailnet.devices()).at(0).tags == std::vector<std::string>{"tag:x"});
}

TEST_CASE("without a user, keys are nobody's from 0.28 on, and before it is said what is missing") {
  const int version = any_version();
  INFO("0." << version);
  Tail tail("", "tag:devbox", version);
  auto options = Scene::headscale_options("tag:devbox", "");
  options.user = "";
  net::Random random(1);
  Tailnet tailnet(tail.io.get_executor(), tail.http, tail.clock, random, options);
  const auto mint = [&] { return run(tail.io, tailnet.mint({"", "devbox op1", 15min})); };
  if (version < 28) {
    CHECK_THROWS_WITH(
        mint(),
        "headscale refused to make an auth key: user not found; [tailnet] user must name a user of "
        "headscale's, which 0.26 and 0.27 need for every key");
    CHECK(tail.count("POST", "/preauthkey") == 1);
    return;
  }
  const auto key = mint();
  CHECK(run(tail.io, tailnet.keys("devbox op1")) == std::vector<std::string>{key.id});
  run(tail.io, tailnet.revoke(key.id));
  CHECK(tail.join(key.secret, "alice").status == 403);
}

TEST_CASE("a user whom headscale does not have is said to be missing, and no key is asked for") {
  Tail tail("", "tag:devbox", any_version());
  auto options = Scene::headscale_options("tag:devbox", "");
  options.user = "nobody";
  net::Random random(1);
  Tailnet tailnet(tail.io.get_executor(), tail.http, tail.clock, random, options);
  CHECK_THROWS_WITH(
      run(tail.io, tailnet.mint({"", "devbox op1", 15min})),
      "headscale has no user \"nobody\"; headscale users create makes one, and [tailnet] user names it");
  CHECK(tail.count("POST", "/preauthkey") == 0);
}

TEST_CASE("a clock that is behind headscale's makes keys that have expired, and that is said") {
  Headscale scene(any_version());
  scene.ask("POST", "/_sim/clock", {{"advance_s", 3600}});
  CHECK_THROWS_WITH(
      scene.mint(),
      "headscale made an auth key that has expired already: set this machine's clock, or headscale's");
}
