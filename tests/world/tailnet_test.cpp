#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Setting with_tailnet(int headscale) {
  Setting setting;
  setting.tailnet.headscale = headscale;
  return setting;
}

/// Tailscale, and the headscales whose answers differ.
int any_kind() { return GENERATE(0, 26, 28, 29); }

std::string mint_path(int kind) { return kind == 0 ? "/api/v2/tailnet/-/keys" : "/api/v1/preauthkey"; }

/// Another machine of the tailnet, which joins with a key of its own.
void join_another(World& world, int kind, const std::string& hostname, const std::string& tag) {
  std::string key;
  if (kind == 0) {
    const json create = {{"reusable", false}, {"ephemeral", false}, {"tags", json::array({tag})}};
    key = world.tailnet("POST", mint_path(kind),
                        {{"capabilities", {{"devices", {{"create", create}}}}}})["key"];
  } else {
    const json body = {
        {"user", "1"}, {"expiration", "2099-01-01T00:00:00Z"}, {"aclTags", json::array({tag})}};
    key = world.tailnet("POST", mint_path(kind), body)["preAuthKey"]["key"];
  }
  world.tailnet("POST", "/_sim/join", {{"key", key}, {"hostname", hostname}});
}

void fail_mint(World& world, int kind, json how) {
  how["method"] = "POST";
  how["path"] = mint_path(kind);
  world.tailnet("POST", "/_sim/faults", how);
}

}  // namespace

TEST_CASE("up, down and up again are the same whoever controls the tailnet") {
  const int kind = any_kind();
  INFO("kind " << kind);
  World world(with_tailnet(kind));
  CHECK_THAT(world.say("alice", "!devbox up cpx32").back(),
             StartsWith("✓ alice is up — https://alice.tail1234.ts.net\n"));
  CHECK(world.devices().size() == 1);
  CHECK(world.usable_keys() == 0);
  CHECK_THAT(world.say("alice", "!devbox down").back(), StartsWith("✓ alice is down."));
  CHECK(world.devices().empty());
  CHECK_THAT(world.say("alice", "!devbox up cpx32").back(),
             StartsWith("✓ alice is up — https://alice.tail1234.ts.net\n"));
  CHECK(world.devices().size() == 1);
  CHECK(world.usable_keys() == 0);
}

TEST_CASE("a dead machine's device is deleted before the next up, however alive it looks") {
  const int kind = any_kind();
  INFO("kind " << kind);
  World world(with_tailnet(kind));
  join_another(world, kind, "alice", "tag:devbox");
  join_another(world, kind, "alice", "tag:devbox");
  CHECK(world.devices()[0]["connectedToControl"] == true);
  CHECK_THAT(world.say("alice", "!devbox up cpx32").back(),
             StartsWith("✓ alice is up — https://alice.tail1234.ts.net\n"));
  CHECK(world.devices().size() == 1);
}

TEST_CASE("a device whose server lives is left alone, also by the up that meets it") {
  const int kind = any_kind();
  INFO("kind " << kind);
  World world(with_tailnet(kind));
  const auto image = world.get("/v1/images?type=system&architecture=x86")["images"][0]["id"];
  world.sim("POST", "/v1/servers",
            {{"name", "alice"}, {"server_type", "cpx32"}, {"image", image}, {"location", "fsn1"}});
  join_another(world, kind, "alice", "tag:devbox");
  CHECK_THAT(
      world.say("alice", "!devbox up cpx32").back(),
      StartsWith("✗ alice is not up: something of that name exists in the Hetzner project and is not ours."));
  CHECK(world.devices().size() == 1);
  CHECK(world.servers().size() == 1);
  CHECK(world.usable_keys() == 0);
}

TEST_CASE("a device of that name without our tag keeps it, and the card tells the other name") {
  const int kind = GENERATE(26, 28, 29);
  INFO("kind " << kind);
  World world(with_tailnet(kind));
  join_another(world, kind, "alice", "tag:server");
  const auto card = world.say("alice", "!devbox up cpx32").back();
  const std::string name = world.devices()[1]["name"];
  const auto label = name.substr(0, name.find('.'));
  CHECK((label == "alice-1") == (kind == 29));
  CHECK_THAT(card, StartsWith("✓ alice is up — https://" + name + "\n"));
  CHECK_THAT(card, Contains("\n  another device in the tailnet is called alice; yours is " + label + "\n"));
  CHECK_THAT(card, Contains("\n  ssh dev@" + label + " "));
  CHECK(world.devices()[0]["name"] == "alice.tail1234.ts.net");
  world.say("alice", "!devbox down");
  CHECK(world.devices().size() == 1);
}

TEST_CASE("a tag that Tailscale does not permit is told in its own words") {
  World world(configured([](bot::Config& config) { config.settings.tag = "tag:other"; }));
  const auto said = world.say("alice", "!devbox up cpx32").back();
  CHECK_THAT(
      said,
      StartsWith("✗ alice is not up: the tailnet: Tailscale refused to make an auth key: requested tags "
                 "[tag:other] are invalid or not permitted; the tag must stand in the policy's tagOwners "
                 "and belong to the OAuth client.\n  No server was made."));
  CHECK(world.servers().empty());
}

TEST_CASE("what the tailnet refuses or does not answer ends the up with its words, and leaves no key") {
  const int kind = GENERATE(0, 26, 29);
  const auto [fault, told] = GENERATE(table<std::string, std::string>(
      {{R"({"status": 403, "code": "not allowed"})", " refused to make an auth key: not allowed"},
       {R"({"status": 500, "code": "out of order", "count": 2})",
        " failed to make an auth key: out of order"},
       {R"({"delay_ms": 600, "count": 2})", " was asked to make an auth key: "}}));
  INFO("kind " << kind << " " << fault);
  auto setting = with_tailnet(kind);
  setting.configure = [](bot::Config& config) {
    config.settings.limits.request = 300ms;
    config.settings.limits.undo_watch = 1500ms;
  };
  World world(setting);
  fail_mint(world, kind, json::parse(fault));
  const auto said = world.say("alice", "!devbox up cpx32").back();
  CHECK_THAT(said, StartsWith("✗ alice is not up: the tailnet: " +
                              std::string(kind == 0 ? "Tailscale" : "headscale") + told));
  CHECK_THAT(said, Contains("\n  No server was made."));
  CHECK(world.servers().empty());
  CHECK(world.usable_keys() == 0);
}

TEST_CASE("a tailnet that is asked too much is asked again, and the up goes on") {
  const int kind = any_kind();
  World world(with_tailnet(kind));
  fail_mint(world, kind, {{"status", 429}});
  CHECK_THAT(world.say("alice", "!devbox up cpx32").back(), StartsWith("✓ alice is up"));
  CHECK(world.usable_keys() == 0);
}

TEST_CASE("a key whose answer was lost is revoked, and another one made") {
  const int kind = any_kind();
  INFO("kind " << kind);
  World world(with_tailnet(kind));
  fail_mint(world, kind, {{"cut", "after"}});
  CHECK_THAT(world.say("alice", "!devbox up cpx32").back(), StartsWith("✓ alice is up"));
  const auto keys = world.tailnet("GET", "/_sim/keys", nullptr);
  REQUIRE(keys.size() == 2);
  CHECK((keys[0]["revoked"] == true && keys[1]["used"] == true));
}

TEST_CASE("each person's workspaces have a tag of their own, which nobody of the same name gets") {
  auto setting = configured([](bot::Config& config) {
    config.settings.tag = "tag:devbox-{owner}";
    config.settings.policy.members = {"console:*", "matrix:@*:hs"};
  });
  setting.tailnet.tag = "tag:devbox-{owner}";
  World world(setting);
  world.say("alice", "!devbox up cpx32");
  world.say("bob", "!devbox up cpx32");
  CHECK(world.devices()[0]["tags"] == json::array({"tag:devbox-alice"}));
  CHECK(world.devices()[1]["tags"] == json::array({"tag:devbox-bob"}));
  const auto refused = world.say("Alice", "!devbox up cpx32").back();
  CHECK_THAT(
      refused,
      StartsWith("✗ alice-b is not up: The tag of your workspaces, tag:devbox-alice, is console:alice's "
                 "already, whom the tailnet's policy would let in. Somebody has to use the bot by "
                 "another name. Nothing was made."));
  CHECK(world.devices().size() == 2);
  CHECK(world.servers().size() == 2);
  world.say("alice", "!devbox down");
  CHECK(world.devices().size() == 1);
}

TEST_CASE("a device that only fits the pattern of tags is no workspace's, and is left alone") {
  auto setting = configured([](bot::Config& config) { config.settings.tag = "tag:devbox-{owner}"; });
  setting.tailnet.tag = "tag:devbox-{owner}";
  World world(setting);
  join_another(world, 0, "alice", "tag:devbox-bot");
  const auto card = world.say("alice", "!devbox up cpx32").back();
  CHECK_THAT(card, Contains("\n  another device in the tailnet is called alice; yours is alice-1\n"));
  REQUIRE(world.devices().size() == 2);
  CHECK_THAT(world.say("alice", "!devbox down").back(), StartsWith("✓ alice is down."));
  REQUIRE(world.devices().size() == 1);
  CHECK(world.devices()[0]["tags"] == json::array({"tag:devbox-bot"}));
}

TEST_CASE("the machine that the bot runs on is no workspace's, whatever its name and tag") {
  const std::string host = GENERATE("100.64.0.2", "alice", "Alice.tail1234.ts.net");
  auto setting = configured([&](bot::Config& config) {
    config.settings.public_url = "http://" + host + ":8123";
    config.settings.limits.stage_join = 300ms;
  });
  setting.tailnet.headscale = 28;  // which tells whose key a device joined with
  World world(setting);
  world.behave("no_join");
  join_another(world, 28, "alice", "tag:devbox");
  CHECK_THAT(world.say("alice", "!devbox up cpx32").back(),
             StartsWith("✗ alice is not up: the machine did "));
  CHECK(world.devices().size() == 1);
}

TEST_CASE("nobody's workspaces get the tag of the machine that the bot runs on") {
  auto setting = configured([](bot::Config& config) {
    config.settings.tag = "tag:devbox-{owner}";
    config.settings.public_url = "http://100.64.0.2:8123";
  });
  setting.tailnet.tag = "tag:devbox-{owner}";
  World world(setting);
  join_another(world, 0, "here", "tag:devbox-bot");
  CHECK_THAT(world.say("bot", "!devbox up cpx32").back(),
             StartsWith("✗ bot is not up: The tag of your workspaces, tag:devbox-bot, is that of the machine "
                        "that the bot runs on, and what the tailnet's policy allows that one they would be "
                        "allowed, too. [tailnet] tag has to have another beginning, as "
                        "\"tag:devbox-of-{owner}\". Nothing was made."));
  CHECK(world.servers().empty());
  CHECK(world.devices().size() == 1);
}
