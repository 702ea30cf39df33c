#include <algorithm>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

/// Requests of the bot, without polls and without what is read at start and daily.
int requests_besides_polls(World& world, std::size_t since) {
  int found = 0;
  const auto all = world.requests();
  for (std::size_t i = since; i < all.size(); ++i) {
    const std::string path = all[i]["path"];
    const bool is_poll = path == "/v1/actions";
    const bool is_daily = path == "/v1/pricing" || path == "/v1/ssh_keys" || path == "/v1/firewalls";
    found += !is_poll && !is_daily;
  }
  return found;
}

int polls(World& world, std::size_t since) {
  int found = 0;
  const auto all = world.requests();
  for (std::size_t i = since; i < all.size(); ++i) found += all[i]["path"] == "/v1/actions";
  return found;
}

}  // namespace

TEST_CASE("one line brings up a workspace, and the card says where it is and what it costs") {
  World world;
  const auto said = world.say("alice", "!devbox up cpx32");
  REQUIRE(said.size() == 2);
  CHECK(
      said[0] ==
      "alice comes up: cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old)\n"
      "  €0.0569/h for every started hour, at most €35.49 a month (net); an estimate from Hetzner's prices\n"
      "  new and kept when it is down: 20 GB volume as /home, IPv4 address: €1.64 a month\n"
      "  what survives `down`: /home, /var/lib/docker, /var/lib/containerd, ssh host keys; nothing else on "
      "the root disk");
  CHECK(
      said[1].starts_with("✓ alice is up — https://alice.tail1234.ts.net\n"
                          "  cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old) · 203.0.113.1\n"
                          "  €0.0569/h · €0.06 so far, paid until "));
  const auto servers = world.servers();
  REQUIRE(servers.size() == 1);
  const auto labels = servers[0]["labels"];
  CHECK(labels["managed-by"] == "devbox");
  CHECK(labels["devbox-bot"] == "devbox");
  CHECK(labels["devbox-workspace"] == "alice");
  CHECK(labels["devbox-owner"] == "alice");
  CHECK(labels["devbox-operation"].get<std::string>().size() == 16);
  CHECK(servers[0]["volumes"].size() == 1);
  CHECK(world.volumes()[0]["labels"] == labels);
  CHECK(world.ips()[0]["labels"] == labels);
  CHECK(world.usable_keys() == 0);
}

TEST_CASE("down keeps volume and address, and the next up has the same name, files and address") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto volume = world.volumes()[0]["id"];
  const auto address = world.ips()[0]["ip"];
  const auto said = world.say("alice", "!devbox down");
  REQUIRE(said.size() == 2);
  CHECK(said[1] ==
        "✓ alice is down. This session cost €0.06 (1 started h of cpx32).\n"
        "  Kept: 20 GB volume, IPv4 203.0.113.1, €1.64 a month.\n  !devbox up brings it back.");
  CHECK(world.servers().empty());
  CHECK(world.devices().empty());
  CHECK(world.volumes().size() == 1);
  CHECK(world.ips().size() == 1);
  world.say("alice", "!devbox up cpx32");
  CHECK(world.volumes()[0]["id"] == volume);
  CHECK(world.servers()[0]["volumes"][0] == volume);
  CHECK(world.servers()[0]["public_net"]["ipv4"]["ip"] == address);
  CHECK(world.devices()[0]["name"] == "alice.tail1234.ts.net");
  const auto image = world.servers()[0]["image"]["id"];
  const auto newest =
      world.get("/v1/images?label_selector=os-flavor%3Dubuntu-dev&sort=created:desc")["images"][0];
  CHECK(image == newest["id"]);
}

TEST_CASE("a cold up asks five times besides polls, a warm one three times") {
  World world;
  auto since = world.requests().size();
  world.say("alice", "!devbox up cpx32");
  CHECK(requests_besides_polls(world, since) == 5);
  world.say("alice", "!devbox down");
  since = world.requests().size();
  world.say("alice", "!devbox up cpx32");
  CHECK(requests_besides_polls(world, since) == 3);
}

TEST_CASE("an up of a minute and a half polls at most twenty times") {
  Setting setting;
  setting.speed = 50;
  World world(setting);
  const auto since = world.requests().size();
  world.say("alice", "!devbox up cpx32");
  const int polled = polls(world, since);
  CHECK(polled > 0);
  CHECK(polled <= 20);
}

TEST_CASE("fifty people at once stay within an hour's requests") {
  Setting setting;
  setting.speed = 50;
  setting.configure = [](bot::Config& config) { config.settings.policy.all_creates_per_hour = 50; };
  World world(setting);
  for (char first = 'a'; first < 'k'; ++first)
    for (char second = 'a'; second < 'f'; ++second)
      world.begin(std::string(1, first) + second, "!devbox up cpx32");
  const auto said = world.until_quiet();
  CHECK(std::count_if(said.begin(), said.end(), [](const auto& text) { return text.starts_with("✓"); }) ==
        50);
  CHECK(world.servers().size() == 25);  // a page
  CHECK(world.devices().size() == 50);
  CHECK(world.count("POST /v1/servers") == 50);
  CHECK(world.count("") < 3600);
}
