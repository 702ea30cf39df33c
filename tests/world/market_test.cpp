#include "commands/times.hpp"
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

TEST_CASE("cpx31 in fsn1 becomes cpx32, with both prices, and a plain up asks for the same again") {
  World world;
  const std::string why =
      "cpx31 is no longer sold in fsn1 (it was €0.1001/h): cpx32 takes its place, €0.0569/h";
  auto said = world.say("alice", "!devbox up cpx31");
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("alice comes up: cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old)\n  " +
                            why + "\n  €0.0569/h for every started hour"));
  CHECK(world.servers()[0]["server_type"]["name"] == "cpx32");
  world.say("alice", "!devbox down");
  said = world.say("alice", "!devbox up");
  CHECK(said[0].find(why) != std::string::npos);
  world.say("alice", "!devbox down");
  said = world.say("alice", "!devbox up cpx42");
  CHECK(said[0].starts_with("alice comes up: cpx42 ·"));
  world.say("alice", "!devbox down");
  said = world.say("alice", "!devbox up");
  CHECK(said[0].starts_with("alice comes up: cpx42 ·"));
}

TEST_CASE("a type that Hetzner has forgotten gets a successor where its line has one") {
  World world;
  CHECK(world.say("alice", "!devbox up cpx11")
            .front()
            .find("cpx11 is no longer sold in fsn1 (it was €0.0280/h): cpx22 takes its place, €0.0312/h") !=
        std::string::npos);
  const auto said = world.say("bob", "!devbox up cx22");
  CHECK(
      said.back() ==
      "✗ bob is not up: cx22 has not been sold since 2025-12-31, and nothing that may take its place can be "
      "ordered there now. At least as big: cpx22 (€0.0312/h), cpx32 (€0.0569/h), ccx13 (€0.0689/h), cpx42 "
      "(€0.1114/h), ccx23 (€0.1378/h), cpx52 (€0.1610/h), cpx62 (€0.2083/h), ccx33 (€0.2219/h), ccx43 "
      "(€0.4423/h), ccx53 (€0.8550/h), ccx63 (€1.3678/h). Nothing was made.\n  No server was made.\n  "
      "!devbox up tries again.");
}

TEST_CASE("substitutes = any takes the cheapest of any line, off takes none") {
  {
    World world(with_substitutes(commands::Substitutes::any));
    CHECK(world.say("alice", "!devbox up cx22")
              .front()
              .find("cx22 has not been sold since 2025-12-31: cpx22 takes its place, €0.0312/h") !=
          std::string::npos);
  }
  World world(with_substitutes(commands::Substitutes::off));
  const auto said = world.say("alice", "!devbox up cpx31");
  CHECK(
      said.back().starts_with("✗ alice is not up: cpx31 is no longer sold in fsn1 (it was €0.1001/h), and "
                              "[hetzner] substitutes is \"off\". At least as big: cpx32 (€0.0569/h)"));
  CHECK(world.servers().empty());
  stock(world, "cpx32", "412");
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✗ alice is not up: Hetzner has no room"));
  CHECK(world.count("POST /v1/servers") == 1);
}

TEST_CASE("where there is no room, the next candidate is tried with the same key, and the card says so") {
  World world;
  stock(world, "cpx32", "412");
  const auto said = world.say("alice", "!devbox up cpx32");
  REQUIRE(said.size() == 2);
  CHECK(plain(said[1]) ==
        "✓ alice is up — https://alice.tail1234.ts.net\n"
        "  cpx42 · 8 vCPU · 16 GB · fsn1 · ubuntu-dev (2 days old) · 203.0.113.1\n"
        "  no room for cpx32 (€0.0569/h): cpx42 took its place, €0.1114/h\n"
        "  €0.1114/h · €0.11 so far, paid until T · €0.11 this month · stops when idle 60 min\n"
        "  ssh dev@alice      !devbox down");
  CHECK(world.count("POST /v1/servers") == 2);
  CHECK(world.count("POST /v1/volumes") == 1);
  CHECK(world.servers().size() == 1);
  CHECK(world.usable_keys() == 0);
  CHECK(world.say("alice", "!devbox down")
            .back()
            .starts_with("✓ alice is down. This session cost €0.11 (1 started h of cpx42)."));
}

TEST_CASE("what would cost more than twice as much is not taken unasked") {
  World world;
  stock(world, "cpx32", "412");
  stock(world, "cpx42", "412");
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✗ alice is not up: Hetzner has no room"));
  CHECK(world.count("POST /v1/servers") == 2);
  CHECK(world.say("alice", "!devbox up cpx52").back().starts_with("✓ alice is up"));
}

TEST_CASE("a sold-out type is replaced within the location, and never by another location") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
  for (const auto* type : {"cpx32", "cpx42", "cpx52", "cpx62"}) stock(world, type, "412", false);
  const auto said = world.say("alice", "!devbox up cpx32");
  CHECK(
      said.back().starts_with("✗ alice is not up: cpx32 is sold out in fsn1 now (€0.0569/h), and nothing "
                              "that may take its place can be ordered there now. At least as big: ccx23"));
  CHECK(said.back().find("location=…") == std::string::npos);
  CHECK(world.count("POST /v1/servers") - world.count("POST /v1/servers/") == 1);
  // Nothing binds bob to fsn1 yet, and he is told where else; it is his to say.
  CHECK(world.say("bob", "!devbox up cpx32")
            .back()
            .find(" cpx32 can be had in nbg1, hel1: up cpx32 location=… Nothing was made.") !=
        std::string::npos);
  CHECK(world.servers().empty());
}

TEST_CASE("up --plan says what would be made, and makes nothing") {
  World world;
  const auto said = world.say("alice", "!devbox up cpx31 --plan");
  REQUIRE(said.size() == 1);
  CHECK(
      said[0] ==
      "Only a plan, nothing was made. alice comes up: cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days "
      "old)\n"
      "  cpx31 is no longer sold in fsn1 (it was €0.1001/h): cpx32 takes its place, €0.0569/h\n"
      "  €0.0569/h for every started hour, at most €35.49 a month (net); an estimate from Hetzner's prices\n"
      "  new and kept when it is down: 20 GB volume as /home, IPv4 address: €1.64 a month\n"
      "  what survives `down`: /home, /var/lib/docker, /var/lib/containerd, ssh host keys; nothing else on "
      "the root disk\n"
      "  where there is no room for it, in this order: cpx42 (€0.1114/h)");
  CHECK(world.count("POST") == 0);
  CHECK(world.say("alice", "!devbox status")[0] == "You have no workspace yet. !devbox up makes one.");
  CHECK(world.say("alice", "!devbox up cpx3 --plan")[0].starts_with(
      "There is no server type \"cpx3\"; did you mean cpx32?"));
}

TEST_CASE("types lists what can be ordered in a location, cheapest first") {
  World world;
  const auto said = world.say("alice", "!devbox types")[0];
  CHECK(
      said.starts_with("Can be ordered in fsn1 now (net, without the address):\n"
                       "  cpx12 · 1 vCPU · 2 GB · 40 GB disk · €0.0184/h · €11.49 a month\n"
                       "  cpx22 · 2 vCPU · 4 GB · 80 GB disk · €0.0312/h · €19.49 a month\n"
                       "  cpx32 · 4 vCPU · 8 GB · 160 GB disk · €0.0569/h · €35.49 a month · default\n"
                       "  ccx13 · 2 vCPU of its own · 8 GB · 80 GB disk · €0.0689/h · €42.99 a month\n"));
  CHECK(
      said.ends_with("\n  sold out: cax11, cax21, cax31, cax41, cx23, cx33, cx43, cx53\n"
                     "  Hetzner's stock is a hint, no promise."));
  CHECK(world.say("alice", "!devbox types ash")[0].find("cpx31 · 4 vCPU · 8 GB · 160 GB disk · €0.1001/h") !=
        std::string::npos);
  // Once more within a minute is from memory.
  const auto asked = world.count("GET /v1/server_types");
  world.say("alice", "!devbox types hil");
  CHECK(world.count("GET /v1/server_types") == asked);
  CHECK(world.say("alice", "!devbox types fsn")[0] ==
        "Hetzner has no location \"fsn\"; did you mean fsn1? There are: fsn1, "
        "nbg1, hel1, ash, hil, sin. Nothing was made.");
}

TEST_CASE("images lists the snapshots of each flavour and says which is next; a number pins one") {
  World world;
  const auto all = world.get("/v1/images?type=snapshot&sort=created:desc")["images"];
  const auto said = world.say("alice", "!devbox images")[0];
  INFO(said);
  CHECK(said.find("\nubuntu-dev (default)\n  → ") != std::string::npos);
  std::string older;
  std::string newest;
  for (const auto& image : all) {
    CHECK(said.find(" " + image["id"].dump() + " · ") != std::string::npos);
    if (image["labels"]["os-flavor"] == "ubuntu-dev") (newest.empty() ? newest : older) = image["id"].dump();
  }
  CHECK(said.ends_with("image=NUMBER pins one: `up image=" + newest + "`"));
  const auto pinned = older.empty() ? newest : older;
  world.say("alice", "!devbox up image=" + pinned);
  CHECK(world.servers()[0]["image"]["id"].dump() == pinned);
  world.say("alice", "!devbox down");
  world.say("alice", "!devbox up");
  CHECK(world.servers()[0]["image"]["id"].dump() == pinned);
  CHECK(world.say("bob", "!devbox up image=77")
            .back()
            .starts_with("✗ bob is not up: The project has no image 77 that can be used. There are: "));
}

TEST_CASE("cost adds up servers, volume and address, and says what being down costs") {
  World world;
  CHECK(world.say("alice", "!devbox cost")[0] ==
        "You have no workspace yet, so nothing of yours costs anything.");
  world.say("alice", "!devbox up cpx32");
  const auto month = commands::month_name(net::SystemClock().now());
  CHECK(
      plain(world.say("alice", "!devbox cost")[0]) ==
      "alice\n"
      "  session: €0.06 (1 started h of cpx32), paid until T; left running, €1.37 a day and at most €35.49 a "
      "month\n"
      "  today: €0.06 (servers €0.06, volume and address €0.00)\n"
      "  " +
          month +
          ": €0.06 (servers €0.06, volume and address €0.00)\n"
          "  also while it is down: €1.64 a month: 20 GB volume €1.14, IPv4 203.0.113.1 €0.50\n"
          "Net, an estimate from Hetzner's prices: its invoice is what counts.");
  world.say("alice", "!devbox up tests cpx22");
  CHECK(world.say("alice", "!devbox cost month")[0] ==
        "alice\n  " + month + ": €0.06 (servers €0.06, volume and address €0.00)\nalice-tests\n  " + month +
            ": €0.03 (servers €0.03, volume and address €0.00)\nall of yours, " + month +
            ": €0.09\nNet, an estimate from Hetzner's prices: its invoice is what counts.");
  CHECK(world.say("alice", "!devbox cost yesterday")[0] ==
        "`cost` takes one of session, today, month, stopped, or nothing for all of them.");
}

TEST_CASE("a person, and all together, may make so many servers an hour") {
  World world(configured([](bot::Config& config) {
    config.settings.policy.creates_per_hour = 2;
    config.settings.policy.all_creates_per_hour = 3;
  }));
  for (int times = 0; times < 2; ++times) {
    world.say("alice", "!devbox up cpx32");
    world.say("alice", "!devbox down");
  }
  CHECK(world.say("alice", "!devbox up cpx32")[0] ==
        "You have made as many servers as a person may in an hour, 2 ([policy] creates_per_hour): every one "
        "costs "
        "at least an hour. Try again later. Nothing was done.");
  CHECK(world.say("bob", "!devbox up cpx32").back().starts_with("✓ bob is up"));
  CHECK(world.say("carol", "!devbox up cpx32")[0] ==
        "All together have made as many servers as they may in an hour, 3 ([policy] creates_per_hour). Try "
        "again "
        "later. Nothing was done.");
  CHECK(world.count("POST /v1/servers") - world.count("POST /v1/servers/") == 3);
}

TEST_CASE("while Hetzner is silent, queries come from memory and an up is refused at once") {
  World world(configured([](bot::Config& config) { config.settings.limits.retry = 100ms; }));
  const auto types = world.say("alice", "!devbox types")[0];
  world.sim("POST", "/_sim/faults", {{"method", "*"}, {"path", "/v1/*"}, {"status", 503}, {"count", 1000}});
  CHECK(world.say("alice", "!devbox images")[0].starts_with(
      "✗ That could not be looked up: Hetzner Cloud gives no answer (GET /images"));
  const auto sent = world.requests().size();
  CHECK(world.say("alice", "!devbox up cpx32")[0].starts_with("Hetzner has not answered since "));
  CHECK(world.say("alice", "!devbox types")[0] == types);
  CHECK(world.requests().size() == sent);
}

TEST_CASE("many at once do not get past the limit of an hour") {
  World world(configured([](bot::Config& config) { config.settings.policy.creates_per_hour = 1; }));
  for (const auto* name : {"aa", "bb", "cc"}) world.begin("alice", std::string("!devbox up ") + name);
  world.until_quiet();
  CHECK(world.servers().size() == 1);
}

TEST_CASE("what runs already is not changed, and whoever wishes for something else is told") {
  World world;
  world.say("alice", "!devbox up cpx32");
  CHECK(world.say("alice", "!devbox up cpx42")
            .back()
            .ends_with("It runs already, so nothing of that was changed: !devbox down first."));
  CHECK(world.say("alice", "!devbox up cpx32").back().ends_with("ssh dev@alice      !devbox down"));
}
