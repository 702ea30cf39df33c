#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

std::string action_path(const Answer& told) { return "/actions/" + told.body.at("action").at("id").dump(); }

}  // namespace

TEST_CASE("a rebuilt server keeps its addresses and volumes and boots from the other image") {
  Cloud cloud;
  auto body = Cloud::order("box");
  body["volumes"] = {cloud.volume("home")["id"]};
  const auto server = cloud.make(body);
  const auto before = cloud.get(server).body["server"];
  const auto told = cloud.post(server + "/actions/rebuild", {{"image", "debian-13"}});
  REQUIRE(told.status == 201);
  CHECK(told.body["action"]["command"] == "rebuild_server");
  CHECK(told.body["root_password"].is_string());
  CHECK(cloud.status(server) == "rebuilding");
  CHECK(cloud.post(server + "/actions/poweroff").status == 423);
  cloud.clock.advance(8s);
  const auto after = cloud.get(server).body["server"];
  CHECK(after["status"] == "running");
  CHECK(after["image"]["name"] == "debian-13");
  CHECK(after["public_net"] == before["public_net"]);
  CHECK(after["volumes"] == before["volumes"]);
  CHECK(cloud.get(action_path(told)).body["action"]["status"] == "success");
}

TEST_CASE("a server that is protected from it, or an image that is not there, is not rebuilt") {
  Cloud cloud;
  const auto server = cloud.server("box");
  CHECK(cloud.post(server + "/actions/rebuild", {{"image", "plan9"}}).field() == "image");
  CHECK(cloud.post(server + "/actions/rebuild").field() == "image");
  cloud.post(server + "/actions/change_protection", {{"delete", true}, {"rebuild", true}});
  CHECK(cloud.post(server + "/actions/rebuild", {{"image", "debian-13"}}).code() == "protected");
}

TEST_CASE("a server changes its type when it is off, and its disk only when asked to") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const auto change = server + "/actions/change_type";
  const json larger = {{"server_type", "cpx42"}, {"upgrade_disk", false}};
  CHECK(cloud.post(change, larger).code() == "server_not_stopped");
  cloud.post(server + "/actions/poweroff");
  cloud.clock.advance(2s);
  CHECK(cloud.post(change, {{"server_type", "cpx42"}}).field() == "upgrade_disk");
  CHECK(cloud.post(change, {{"server_type", "cpx32"}, {"upgrade_disk", false}}).field() == "server_type");
  const auto disk = cloud.get(server).body["server"]["primary_disk_size"];
  REQUIRE(cloud.post(change, larger).status == 201);
  CHECK(cloud.status(server) == "migrating");
  cloud.clock.advance(30s);
  const auto changed = cloud.get(server).body["server"];
  CHECK(changed["status"] == "off");
  CHECK(changed["server_type"]["name"] == "cpx42");
  CHECK(changed["primary_disk_size"] == disk);
  CHECK(cloud.post(change, {{"server_type", "cpx32"}, {"upgrade_disk", true}}).status == 201);
  cloud.clock.advance(30s);
  CHECK(cloud.post(change, {{"server_type", "cpx42"}, {"upgrade_disk", true}}).status == 201);
  cloud.clock.advance(30s);
  const auto grown = cloud.get(server).body["server"];
  CHECK(grown["primary_disk_size"] == grown["server_type"]["disk"]);
  CHECK(cloud.post(change, {{"server_type", "cpx32"}, {"upgrade_disk", false}}).field() == "server_type");
  int priced = 0, open = 0;
  const auto bill = cloud.call("GET", "/_sim/bill?token=first").body;
  for (const auto& line : bill["lines"]) {
    priced += line["resource"] == "server";
    open += line["resource"] == "server" && line["to"].is_null();
  }
  CHECK(priced == 4);
  CHECK(open == 1);
}

TEST_CASE("a snapshot of a server is creating for a minute, is found by its label and starts another") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const auto make = server + "/actions/create_image";
  CHECK(cloud.post(make, {{"type", "backup"}}).field() == "type");
  const auto told = cloud.post(make, {{"description", "base"}, {"labels", {{"stage", "base"}}}});
  REQUIRE(told.status == 201);
  const auto image = told.body["image"];
  CHECK(image["status"] == "creating");
  CHECK(image["image_size"].is_null());
  CHECK(image["created_from"]["name"] == "box");
  const auto path = "/images/" + image["id"].dump();
  CHECK(cloud.call("DELETE", path).status == 423);
  CHECK(cloud.get("/images?status=available&label_selector=stage").body["images"].empty());
  auto body = Cloud::order("next");
  body["image"] = image["id"];
  CHECK(cloud.post("/servers", body).field() == "image");
  cloud.clock.advance(60s);
  CHECK(cloud.get("/images?status=available&label_selector=stage").body["images"].size() == 1);
  CHECK(cloud.get(path).body["image"]["image_size"].get<double>() > 0);
  CHECK(cloud.get(path + "/actions").body["actions"].size() == 1);
  CHECK(cloud.post("/servers", body).status == 201);
}

TEST_CASE("rescue is on until the next boot, and passwords and consoles are handed out") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const auto told = cloud.post(server + "/actions/enable_rescue", {{"type", "linux64"}});
  CHECK(told.body["root_password"].is_string());
  cloud.clock.advance(1s);
  CHECK(cloud.get(server).body["server"]["rescue_enabled"] == true);
  CHECK(cloud.post(server + "/actions/enable_rescue").code() == "rescue_already_enabled");
  cloud.post(server + "/actions/reset");
  cloud.clock.advance(3s);
  CHECK(cloud.get(server).body["server"]["rescue_enabled"] == false);
  CHECK(cloud.post(server + "/actions/request_console")
            .body["wss_url"]
            .get<std::string>()
            .starts_with("wss://"));
  cloud.clock.advance(1s);
  CHECK(cloud.post(server + "/actions/reset_password").body["root_password"].is_string());
}

TEST_CASE("an action is found by its id, as its resource's and among those of its kind") {
  Cloud cloud;
  const auto server = cloud.server("box"), other = cloud.server("other");
  const auto told = cloud.post(server + "/actions/poweroff");
  const auto id = told.body["action"]["id"].dump();
  for (const auto& path : {"/actions/" + id, server + "/actions/" + id, "/servers/actions/" + id})
    CHECK(cloud.get(path).body["action"]["command"] == "stop_server");
  CHECK(cloud.get(other + "/actions/" + id).status == 404);
  CHECK(cloud.get("/servers/actions?id=" + id).body["actions"].size() == 1);
  CHECK(cloud.get("/servers/actions").body["meta"]["pagination"]["total_entries"] == 5);
  CHECK(cloud.get("/volumes/actions").body["actions"].empty());
}

TEST_CASE("another project sees and touches nothing of the first") {
  Cloud cloud;
  const auto server = cloud.server("box");
  CHECK(cloud.call("GET", server, nullptr, "second").status == 404);
  CHECK(cloud.call("DELETE", server, nullptr, "second").status == 404);
  CHECK(cloud.call("GET", "/servers", nullptr, "second").body["servers"].empty());
  CHECK(cloud.call("GET", "/servers/actions", nullptr, "second").body["actions"].empty());
  CHECK(cloud.call("POST", "/servers", Cloud::order("box"), "second").status == 201);
}
