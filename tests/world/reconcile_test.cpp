#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

Setting often() {
  return configured([](bot::Config& config) { config.settings.limits.reconcile = 50ms; });
}

/// Until the project was compared once more from here on.
void until_compared(World& world) {
  const auto passes = world.count("GET /v1/primary_ips");
  world.until([&] { return world.count("GET /v1/primary_ips") >= passes + 2; });
  world.until_quiet();
}

std::string server_path(World& world) { return "/v1/servers/" + world.servers()[0]["id"].dump(); }
std::string volume_path(World& world) { return "/v1/volumes/" + world.volumes()[0]["id"].dump(); }
std::string ip_path(World& world) { return "/v1/primary_ips/" + world.ips()[0]["id"].dump(); }

void unprotect(World& world, const std::string& path) {
  world.sim("POST", path + "/actions/change_protection", {{"delete", false}});
}

}  // namespace

TEST_CASE("a server that is deleted outside is told once, its session ends, and the next up works") {
  World world(often());
  world.say("alice", "!devbox up cpx32");
  world.news();
  world.sim("DELETE", server_path(world), nullptr);
  const std::string gone = "! alice's server was deleted outside of this bot.";
  world.until([&] { return world.heard(gone) == 1; });
  CHECK(world.last().text == gone +
                                 " The session cost about €0.06. "
                                 "!devbox up brings it back.");
  CHECK(world.last().mentions == Texts{"console:alice"});
  until_compared(world);
  CHECK(world.heard(gone) == 1);
  CHECK(world.say("alice", "!devbox status")[0].starts_with("– alice is down · 20 GB volume and IPv4"));
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("a server that is switched off outside is told, once for each time") {
  World world(often());
  world.say("alice", "!devbox up cpx32");
  const auto path = "/_sim/servers/" + world.servers()[0]["id"].dump() + "/power";
  const std::string off =
      "! alice's server is powered off, and billed as if it ran: `down` deletes it, Hetzner's console "
      "starts it.";
  world.sim("PUT", path, {{"status", "off"}});
  world.until([&] { return world.heard(off) == 1; });
  until_compared(world);
  CHECK(world.heard(off) == 1);
  CHECK(world.say("alice", "!devbox status")[0].find("\n  " + off) != std::string::npos);
  world.sim("PUT", path, {{"status", "running"}});
  until_compared(world);
  CHECK(world.say("alice", "!devbox status")[0].find(off) == std::string::npos);
  world.sim("PUT", path, {{"status", "off"}});
  world.until([&] { return world.heard(off) == 2; });
  CHECK(world.say("alice", "!devbox down").back().starts_with("✓ alice is down."));
}

TEST_CASE("renaming and edited labels are told, and nothing is changed back") {
  World world(often());
  world.say("alice", "!devbox up cpx32");
  world.sim("PUT", server_path(world), {{"name", "mine"}});
  world.sim("PUT", volume_path(world), {{"labels", {{"devbox-bot", "another"}}}});
  world.until([&] { return world.heard("! alice's server was renamed to \"mine\"") == 1; });
  world.until([&] { return world.heard("! the labels of alice's volume were edited") == 1; });
  until_compared(world);
  CHECK(world.servers()[0]["name"] == "mine");
  CHECK(world.volumes()[0]["labels"].size() == 1);
}

TEST_CASE("what we made is protected from deletion, and the next down and up work all the same") {
  World world(often());
  world.say("alice", "!devbox up cpx32");
  world.until([&] {
    return world.volumes()[0]["protection"]["delete"] == true &&
           world.ips()[0]["protection"]["delete"] == true;
  });
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
  const auto asked = world.count("POST /v1/volumes/");
  until_compared(world);
  CHECK(world.count("POST /v1/volumes/") == asked);
}

TEST_CASE("a volume or an address that was deleted outside is told, and the next up makes another") {
  World world(often());
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
  until_compared(world);
  unprotect(world, volume_path(world));
  world.sim("DELETE", volume_path(world), nullptr);
  world.until([&] { return world.heard("! alice's volume was deleted outside of this bot") == 1; });
  CHECK(world.say("alice", "!devbox status")[0].starts_with(
      "– alice is down · no volume, IPv4 203.0.113.1 in fsn1"));
  const auto said = world.say("alice", "!devbox up");
  CHECK(said.front().find(
            "new is the 20 GB volume as /home; kept when it is down, with the IPv4 address: €1.64") !=
        std::string::npos);
  CHECK(said.back().starts_with("✓ alice is up"));
  world.say("alice", "!devbox down");
  until_compared(world);
  unprotect(world, ip_path(world));
  world.sim("DELETE", ip_path(world), nullptr);
  world.until([&] { return world.heard("! alice's address 203.0.113.1 was deleted outside") == 1; });
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(world.volumes().size() == 1);
  CHECK(world.ips().size() == 1);
}

TEST_CASE("an up that meets what was deleted a moment ago says so, and the next one makes it anew") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
  world.sim("DELETE", volume_path(world), nullptr);
  world.sim("DELETE", ip_path(world), nullptr);
  CHECK(world.say("alice", "!devbox up")
            .back()
            .starts_with("✗ alice is not up: alice's volume was deleted outside of this bot, with /home on "
                         "it. The next `up` makes "
                         "a new, empty one. alice's address 203.0.113.1 was deleted outside of this bot. The "
                         "next `up` gets a new "
                         "one."));
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("when all of the only workspace was deleted, its owner is told, and may begin again") {
  World world(often());
  world.say("alice", "!devbox up cpx32");
  until_compared(world);
  const auto is_done = [&](const std::function<void()>& act) {
    try {
      act();
      return true;
    } catch (const std::exception&) {
      return false;  // still held by the server that goes
    }
  };
  const auto volume = volume_path(world);
  const auto ip = ip_path(world);
  world.sim("DELETE", server_path(world), nullptr);
  for (const auto& path : {volume, ip}) {
    world.until([&] { return is_done([&] { unprotect(world, path); }); });
    world.until([&] { return is_done([&] { world.sim("DELETE", path, nullptr); }); });
  }
  world.until([&] { return world.heard("! alice's address 203.0.113.1 was deleted outside") == 1; });
  CHECK(world.say("alice", "!devbox status")[0] ==
        "– alice is down · it has neither volume nor address\n  !devbox up brings it up");
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
}

TEST_CASE("a pass is three lists, and foreign things are never touched") {
  World world(often());
  world.sim("POST", "/v1/volumes", {{"name", "foreign"}, {"size", 10}, {"location", "fsn1"}});
  world.sim("POST", "/v1/servers", {{"name", "foreign"}, {"server_type", "cpx22"}, {"image", "debian-12"}});
  until_compared(world);
  const auto since = world.requests().size();
  const auto passes = world.count("GET /v1/primary_ips");
  world.until([&] { return world.count("GET /v1/primary_ips") >= passes + 3; });
  const auto all = world.requests();
  int lists = 0;
  int others = 0;
  for (auto at = since; at < all.size(); ++at) {
    const std::string path = all[at]["path"];
    const bool is_list = path == "/v1/servers" || path == "/v1/volumes" || path == "/v1/primary_ips";
    ++(is_list && all[at]["method"] == "GET" ? lists : others);
  }
  CHECK(lists <= 3 * (world.count("GET /v1/primary_ips") - passes + 1));
  CHECK(others == 0);
  CHECK(world.servers().size() == 1);
  CHECK(world.volumes()[0]["protection"]["delete"] == false);
}

TEST_CASE("the reconciler takes at most a twentieth of an hour's requests") {
  World world(configured([](bot::Config& config) { config.settings.limits.reconcile = 1ms; }));
  world.until([&] { return world.count("GET /v1/primary_ips") >= 60; });
  const auto until = std::chrono::steady_clock::now() + 300ms;
  world.until([&] { return std::chrono::steady_clock::now() > until; });
  CHECK(world.count("GET /v1/primary_ips") <= 61);  // 3 × 60 = 180 = 3600 / 20
}

TEST_CASE("a second server of an up that succeeded with the first is deleted, and the first is not") {
  World world(often());
  world.say("alice", "!devbox up cpx32");
  const auto labels = world.servers()[0]["labels"];
  world.sim("POST", "/v1/servers",
            {{"name", "twin"}, {"server_type", "cpx22"}, {"image", "debian-12"}, {"labels", labels}});
  world.until([&] { return world.servers().size() == 1; });
  CHECK(world.servers()[0]["name"] == "alice");
  CHECK(world.say("alice", "!devbox status")[0].starts_with("✓ alice is up"));
}

TEST_CASE("a server that an undone operation had lost is deleted, and others of ours are only listed") {
  World world(often());
  world.behave("failed");
  world.say("alice", "!devbox up cpx32");
  REQUIRE(world.servers().empty());
  const auto operation = world.storage().journal.last_of(1).value().id;
  const auto late = [&](const std::string& name, const std::string& made_by) {
    world.sim("POST", "/v1/servers",
              {{"name", name},
               {"server_type", "cpx22"},
               {"image", "debian-12"},
               {"labels", {{"devbox-bot", "devbox"}, {"devbox-operation", made_by}}}});
  };
  late("late", operation);
  late("unknown", "0123456789abcdef");
  world.until([&] { return world.servers().size() == 1; });
  until_compared(world);
  REQUIRE(world.servers().size() == 1);
  CHECK(world.servers()[0]["name"] == "unknown");
}
