#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

TEST_CASE("the card is the same wherever it is asked for") {
  World world;
  const auto card = plain(world.say("alice", "!devbox up cpx32").back());
  CHECK(card ==
        "✓ alice is up — https://alice.tail1234.ts.net\n"
        "  cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old) · 203.0.113.1\n"
        "  €0.0569/h · €0.06 so far, paid until T · €0.06 this month · stops when idle 60 min\n"
        "  ssh dev@alice      !devbox down");
  CHECK(world.last().mentions == Texts{"console:alice"});
  CHECK(plain(world.say("alice", "!devbox up").back()) == card);
  CHECK(plain(world.say("alice", "!devbox status").back()) == card);
}

TEST_CASE("the second up may be of another type, and the month adds up") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
  const auto said = world.say("alice", "!devbox up cpx22");
  REQUIRE(said.size() == 2);
  CHECK(
      said[0] ==
      "alice comes up: cpx22 · 2 vCPU · 4 GB · fsn1 · ubuntu-dev (2 days old)\n"
      "  €0.0312/h for every started hour, at most €19.49 a month (net); an estimate from Hetzner's prices");
  CHECK(plain(said[1]) ==
        "✓ alice is up — https://alice.tail1234.ts.net\n"
        "  cpx22 · 2 vCPU · 4 GB · fsn1 · ubuntu-dev (2 days old) · 203.0.113.1\n"
        "  €0.0312/h · €0.03 so far, paid until T · €0.09 this month · stops when idle 60 min\n"
        "  ssh dev@alice      !devbox down");
}

TEST_CASE("gross prices are shown where the configuration says so") {
  World world(configured([](bot::Config& config) { config.settings.gross = true; }));
  CHECK(world.say("alice", "!devbox up cpx32").front() ==
        "alice comes up: cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old)\n"
        "  €0.0677/h for every started hour, at most €42.23 a month (gross); an estimate from Hetzner's "
        "prices\n"
        "  new and kept when it is down: 20 GB volume as /home, IPv4 address: €1.96 a month\n"
        "  what survives `down`: /home, /var/lib/docker, /var/lib/containerd, ssh host keys; nothing else on "
        "the root disk");
}

TEST_CASE("Hetzner bills what the session says") {
  World world;
  world.say("alice", "!devbox up cpx32");
  CHECK(world.say("alice", "!devbox down")
            .back()
            .starts_with("✓ alice is down. This session cost €0.06 (1 started h of cpx32).\n"));
  const auto bill = world.bill();
  int servers = 0;
  for (const auto& line : bill["lines"]) {
    if (line["resource"] != "server") continue;
    ++servers;
    CHECK(line["hours"] == 1);
    CHECK(line["amount"] == "0.0569000000");
  }
  CHECK(servers == 1);
}

TEST_CASE("a second workspace has a name, volume and address of its own") {
  World world;
  world.say("alice", "!devbox up");
  CHECK(world.say("alice", "!devbox up tests cpx22")
            .back()
            .starts_with("✓ alice-tests is up — https://alice-tests.tail1234.ts.net\n"));
  CHECK(world.servers().size() == 2);
  CHECK(world.volumes().size() == 2);
  CHECK(world.ips().size() == 2);
  world.say("alice", "!devbox down tests");
  REQUIRE(world.servers().size() == 1);
  CHECK(world.servers()[0]["name"] == "alice");
}

TEST_CASE("an image is chosen by flavour, and everything is made where it was said") {
  World world;
  const auto said = world.say("alice", "!devbox up cpx22 image=debian-dev location=nbg1");
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("alice comes up: cpx22 · 2 vCPU · 4 GB · nbg1 · debian-dev (5 days old)\n"));
  CHECK(world.volumes()[0]["location"]["name"] == "nbg1");
  CHECK(world.servers()[0]["location"]["name"] == "nbg1");
}
