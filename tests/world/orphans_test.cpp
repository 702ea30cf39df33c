#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

Setting with_rights() {
  return configured([](bot::Config& config) {
    config.settings.policy.operators = {"console:alice"};
    config.settings.policy.admins = {"console:root"};
  });
}

const json ours = {{"devbox-bot", "devbox"}, {"devbox-workspace", "old"}, {"managed-by", "devbox"}};

int volume(World& world, const std::string& name, const json& labels = json::object(),
           const std::string& location = "fsn1") {
  const json body = {{"name", name}, {"size", 10}, {"location", location}, {"labels", labels}};
  return world.sim("POST", "/v1/volumes", body)["volume"]["id"];
}

int address(World& world, const std::string& name, const json& labels = json::object(),
            bool auto_delete = false) {
  const json body = {{"name", name},
                     {"type", "ipv4"},
                     {"location", "fsn1"},
                     {"labels", labels},
                     {"auto_delete", auto_delete}};
  return world.sim("POST", "/v1/primary_ips", body)["primary_ip"]["id"];
}

int server(World& world, const std::string& name, const json& labels = json::object(),
           std::vector<int> volumes = {}) {
  const json body = {{"name", name},     {"server_type", "cpx22"}, {"image", "debian-12"},
                     {"labels", labels}, {"location", "fsn1"},     {"volumes", volumes}};
  return world.sim("POST", "/v1/servers", body)["server"]["id"];
}

/// Until nothing that made it locks it.
void until_free(World& world, int volume) {
  world.until(
      [&] { return world.get("/v1/volumes/" + std::to_string(volume))["volume"]["status"] == "available"; });
}

/// Until it is at a server, and nothing locks it.
void until_attached(World& world, int volume) {
  world.until(
      [&] { return world.get("/v1/volumes/" + std::to_string(volume))["volume"]["server"].is_number(); });
  world.until([&] {
    for (const auto& server : world.servers())
      if (server["locked"] == true) return false;
    return true;
  });
}

}  // namespace

TEST_CASE("orphans lists what belongs to no workspace, with its price, ours apart from what is foreign") {
  World world(with_rights());
  CHECK(world.say("alice", "!devbox orphans")[0] == "Everything in the project belongs to a workspace.");
  world.say("alice", "!devbox up cpx32");
  CHECK(world.say("alice", "!devbox orphans")[0] == "Everything in the project belongs to a workspace.");
  const auto mine = std::to_string(volume(world, "old", ours));
  const auto foreign = std::to_string(address(world, "office"));
  CHECK(world.say("alice", "!devbox orphans")[0] ==
        "In the project and in no workspace, €1.07 a month together:\n"
        "made by this bot; `!devbox orphans clean` deletes them:\n"
        "  volume \"old\" (" +
            mine +
            ") · 10 GB · fsn1 · €0.57 a month\n"
            "not made by this bot, which never touches them:\n"
            "  address \"office\" (" +
            foreign + ") · 203.0.113.2 · fsn1 · €0.50 a month");
  CHECK(world.say("bob", "!devbox orphans")[0] == "`orphans` is for operators. Nothing was done.");
}

TEST_CASE("orphans clean asks, and deletes only what this installation made and no workspace has") {
  World world(with_rights());
  world.say("alice", "!devbox up cpx32");
  const auto at_old = volume(world, "old", ours);
  until_free(world, at_old);
  server(world, "old", ours, {at_old});
  until_attached(world, at_old);
  address(world, "old", ours);
  volume(world, "foreign");
  server(world, "foreign");
  volume(world, "others", {{"devbox-bot", "another"}});
  world.sim("POST", "/v1/volumes/" + std::to_string(at_old) + "/actions/change_protection",
            {{"delete", true}});

  CHECK(world.say("alice", "!devbox orphans clean")
            .back()
            .starts_with("Delete these for good, with all that is on them? €20.56 a month would be saved:\n  "
                         "server \"old\" ("));
  CHECK(world.say("alice", "!devbox no").back() == "✓ Nothing was deleted.");
  CHECK(world.servers().size() == 3);

  world.say("alice", "!devbox orphans clean");
  const auto said = world.say("alice", "!devbox yes").back();
  INFO(said);
  CHECK(said.starts_with("✓ Deleted, €20.56 a month less:\n  server \"old\" ("));
  CHECK(said.find("left alone") == std::string::npos);
  CHECK(world.servers().size() == 2);
  CHECK(world.volumes().size() == 3);
  CHECK(world.say("alice", "!devbox orphans clean").back() ==
        "✓ This bot has no orphans in the project; nothing was deleted.");
  CHECK(world.say("alice", "!devbox status")[0].starts_with("✓ alice is up"));
}

TEST_CASE("what became a workspace's, or is at a server that stays, is left alone") {
  World world(with_rights());
  const auto id = volume(world, "old", ours);
  const auto held = volume(world, "held", ours);
  until_free(world, held);
  server(world, "foreign", json::object(), {held});
  until_attached(world, held);
  world.say("alice", "!devbox orphans clean");
  CHECK(world.say("root", "!devbox adopt main volume=old").back().starts_with("✓ root has volume \"old\""));
  const auto said = world.say("alice", "!devbox yes").back();
  INFO(said);
  CHECK(said.find("left alone: volume \"old\" (" + std::to_string(id) + "): it belongs to a workspace now") !=
        std::string::npos);
  CHECK(said.find("left alone: volume \"held\" (" + std::to_string(held) + "): it is at server ") !=
        std::string::npos);
  CHECK(world.volumes().size() == 2);
}

TEST_CASE("a device without a server is listed and deleted") {
  World world(with_rights());
  world.say("alice", "!devbox up cpx32");
  world.sim("DELETE", "/v1/servers/" + world.servers()[0]["id"].dump(), nullptr);
  world.until([&] { return world.servers().empty(); });
  world.storage().sessions.end(world.storage().sessions.running().at(0).server_id, net::SystemClock().now());
  REQUIRE(world.devices().size() == 1);
  CHECK(world.say("alice", "!devbox orphans")[0].find("\n  device \"alice.tail1234.ts.net\" (") !=
        std::string::npos);
  world.say("alice", "!devbox orphans clean");
  world.say("alice", "!devbox yes");
  CHECK(world.devices().empty());
}

TEST_CASE("adopt makes a volume and an address of a hand-made set-up a workspace's own, as they are") {
  World world(with_rights());
  const auto data = volume(world, "data", {{"purpose", "home"}});
  address(world, "ak IPv4", json::object(), true);
  CHECK(world.say("root", "!devbox adopt main volume=data ip=\"ak IPv4\"").back() ==
        "✓ root has volume \"data\" (10 GB) as /home and IPv4 203.0.113.1 in fsn1, as they are: names and "
        "labels stay. The address now stays when its server goes.\n  !devbox up main brings it up.");
  CHECK(world.say("root", "!devbox up main cpx22").back().starts_with("✓ root is up"));
  CHECK(world.servers()[0]["volumes"][0] == data);
  CHECK(world.servers()[0]["public_net"]["ipv4"]["ip"] == "203.0.113.1");
  CHECK(world.say("root", "!devbox down").back().starts_with("✓ root is down."));
  CHECK(world.say("root", "!devbox up").back().starts_with("✓ root is up"));
  CHECK(world.volumes().size() == 1);
  CHECK(world.ips().size() == 1);
  CHECK(world.volumes()[0]["name"] == "data");
  CHECK(world.volumes()[0]["labels"] == json{{"purpose", "home"}});
  CHECK(world.say("root", "!devbox orphans")[0] == "Everything in the project belongs to a workspace.");
}

TEST_CASE("what cannot be adopted is said to be so, and nothing is changed") {
  World world(with_rights());
  const std::string refused = "✗ `adopt` has not been done: ";
  const auto data = volume(world, "data");
  volume(world, "far", json::object(), "nbg1");
  address(world, "office");
  CHECK(world.say("root", "!devbox adopt main volume=date").back() ==
        refused + "The project has no volume \"date\". It has: \"data\", \"far\".");
  CHECK(world.say("root", "!devbox adopt main volume=data ip=home").back() ==
        refused + "The project has no Primary IPv4 \"home\". It has: \"office\".");
  CHECK(world.say("root", "!devbox adopt main volume=far ip=office").back() ==
        refused +
            "Volume \"far\" is in nbg1, address \"office\" in fsn1: no server can have both, and neither "
            "can move.");
  until_free(world, data);
  server(world, "old", json::object(), {data});
  until_attached(world, data);
  CHECK(world.say("root", "!devbox adopt main volume=data")
            .back()
            .starts_with(refused + "Volume \"data\" is at server "));
  CHECK(world.say("root", "!devbox adopt main")[0].starts_with("`adopt` takes a name"));
  CHECK(world.say("root", "!devbox adopt my.box volume=data")[0].starts_with(
      "\"my.box\" cannot be a workspace's name; \"my-box\" could."));
  CHECK(world.say("alice", "!devbox adopt main volume=data")[0] ==
        "`adopt` is for admins. Nothing was done.");
  CHECK(world.storage().workspaces.all().empty());
  CHECK(world.say("root", "!devbox adopt main ip=office").back() ==
        "✓ root has IPv4 203.0.113.1 in fsn1, as they are: names and labels stay. The first `up` makes a "
        "volume.\n  !devbox up main brings it up.");
  CHECK(world.say("root", "!devbox adopt main volume=far")[0] ==
        "You have a workspace \"main\" already. Nothing was done.");
  CHECK(world.say("root", "!devbox adopt other ip=office").back() ==
        refused + "Address \"office\" belongs to the workspace root already.");
}

TEST_CASE("two who adopt the same at once do not both get it") {
  World world(with_rights());
  volume(world, "data");
  world.begin("root", "!devbox adopt one volume=data");
  world.begin("root", "!devbox adopt two volume=data");
  world.until_quiet();
  int owners = 0;
  for (const auto& workspace : world.storage().workspaces.all()) owners += workspace.volume_id != 0;
  CHECK(owners == 1);
  CHECK(world.heard("✗ `adopt` has not been done: Volume \"data\" belongs to the workspace") == 1);
}

TEST_CASE("what cannot be deleted now is named, and what was deleted is, too") {
  World world(with_rights());
  volume(world, "old", ours);
  const auto held = address(world, "old", ours);
  world.sim("POST", "/_sim/faults",
            {{"method", "DELETE"}, {"path", "/v1/primary_ips/*"}, {"status", 403}, {"code", "forbidden"}});
  world.say("alice", "!devbox orphans clean");
  const auto said = world.say("alice", "!devbox yes").back();
  INFO(said);
  CHECK(said.starts_with("✓ Deleted, €0.57 a month less:\n  volume \"old\" ("));
  CHECK(said.find("left alone: address \"old\" (" + std::to_string(held) +
                  "): Hetzner's token may only read.") != std::string::npos);
}
