#include <fstream>
#include <limits>

#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"
#include "tests/temp_dir.hpp"

using namespace simulator_test;

TEST_CASE("after a restart everything is there and running actions run on") {
  TempDir dir;
  auto options = two_projects();
  options.state_file = dir.file("cloud.json");
  Cloud cloud(options);
  const auto volume = cloud.volume("home");
  auto body = Cloud::order("box");
  body["volumes"] = {volume["id"]};
  cloud.call("PUT", "/_sim/stock", {{"type", "cpx22"}, {"location", "fsn1"}, {"create", "412"}});
  cloud.call("POST", "/_sim/clock", {{"advance_s", 3600}});
  const auto made = cloud.post("/servers", body);
  const auto path = "/servers/" + made.body["server"]["id"].dump();
  cloud.restart();
  CHECK(cloud.status(path) == "initializing");
  cloud.clock.advance(9s);
  CHECK(cloud.status(path) == "starting");
  cloud.restart();
  cloud.clock.advance(4s);
  CHECK(cloud.status(path) == "running");
  CHECK(cloud.get("/volumes/" + volume["id"].dump()).body["volume"]["server"] == made.body["server"]["id"]);
  CHECK(cloud.get("/actions/" + made.body["action"]["id"].dump()).body["action"]["status"] == "success");
  CHECK(cloud.call("GET", "/_sim/bill?token=first").body["lines"].size() == 7);
  body["server_type"] = "cpx22";
  body["name"] = "other";
  body.erase("volumes");
  CHECK(cloud.post("/servers", body).status == 412);
  CHECK(cloud.volume("next")["created"] == "2026-11-25T10:00:14Z");
  CHECK(cloud.get("/ssh_keys").body["ssh_keys"].size() == 1);
}

TEST_CASE(
    "networks, groups, names, ISOs, backups and firewalls are there after a restart, and end where they "
    "were") {
  TempDir dir;
  auto options = two_projects();
  options.state_file = dir.file("cloud.json");
  Cloud cloud(options);
  const json subnet{{"type", "cloud"}, {"network_zone", "eu-central"}};
  const auto net =
      cloud.post("/networks", {{"name", "n"}, {"ip_range", "10.0.0.0/16"}}).body["network"]["id"];
  const auto network = "/networks/" + net.dump();
  cloud.post(network + "/actions/add_subnet", subnet);
  cloud.restart();
  CHECK(cloud.get(network).body["network"]["subnets"].empty());
  cloud.clock.advance(1s);
  CHECK(cloud.get(network).body["network"]["subnets"].size() == 1);
  auto body = Cloud::order("box");
  body["networks"] = {net};
  body["placement_group"] =
      cloud.post("/placement_groups", {{"name", "g"}, {"type", "spread"}}).body["placement_group"]["id"];
  const auto server = cloud.make(body);
  const auto before = cloud.get(server).body["server"];
  CHECK(before["private_net"].size() == 1);
  const json named{{"ip", before["public_net"]["ipv4"]["ip"]}, {"dns_ptr", "box.example.org"}};
  const json selector{{"type", "label_selector"}, {"label_selector", {{"selector", "!env"}}}};
  const auto act = [&](const std::string& what, const json& body_of_it) {
    CHECK(cloud.post(server + "/actions/" + what, body_of_it).status == 201);
    cloud.restart();
    cloud.clock.advance(2s);
  };
  act("change_dns_ptr", named);
  act("attach_iso", {{"iso", "virtio-win-0.1.271.iso"}});
  act("enable_backup", json::object());
  CHECK(cloud.post("/firewalls", {{"name", "w"}, {"apply_to", json::array({selector})}}).status == 201);
  cloud.restart();
  cloud.clock.advance(1s);
  const auto after = cloud.get(server).body["server"];
  CHECK(after["private_net"] == before["private_net"]);
  CHECK(after["placement_group"] == before["placement_group"]);
  CHECK(after["public_net"]["ipv4"]["dns_ptr"] == "box.example.org");
  CHECK(after["public_net"]["firewalls"].size() == 1);
  CHECK(after["iso"]["name"] == "virtio-win-0.1.271.iso");
  CHECK(after["backup_window"] == "22-02");
}

TEST_CASE("a state file of before somebody could leave is read: somebody is at work") {
  TempDir dir;
  auto options = two_projects();
  options.state_file = dir.file("cloud.json");
  Cloud cloud(options);
  const auto path = cloud.server("box");
  const auto behaviour = [&] { return cloud.get("/_sim/servers").body["servers"][0]["behaviour"]; };
  cloud.call("PUT", "/_sim" + path + "/behaviour", {{"idle_s", 900}});
  cloud.restart();
  CHECK(behaviour()["idle_s"] == 900.0);
  CHECK(behaviour()["idle_from"] == cloud.clock.now().time_since_epoch().count());
  json state = json::parse(std::ifstream(options.state_file));
  state["behaviour"].erase("idle_from");
  for (auto& server : state["projects"]["first"]["servers"]) server[1]["behaviour"] = {{"idle_s", 0}};
  std::ofstream(options.state_file) << state;
  cloud.restart();
  CHECK(behaviour()["idle_from"] == std::numeric_limits<std::int64_t>::max());
  CHECK(behaviour()["report"] == "ok");
}

TEST_CASE("a state file that cannot be read stops the start") {
  TempDir dir;
  auto options = two_projects();
  options.state_file = dir.file("cloud.json");
  std::ofstream(options.state_file) << "{ half a";
  CHECK_THROWS_WITH(Cloud(options), Catch::Matchers::Contains("cloud.json cannot be read"));
}

TEST_CASE("without a state file nothing is kept") {
  Cloud cloud;
  cloud.volume("home");
  cloud.restart();
  CHECK(cloud.get("/volumes").body["volumes"].empty());
}
