#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

TEST_CASE("a volume is creating for a second, with the device name of its id") {
  Cloud cloud;
  const auto made =
      cloud.post("/volumes", {{"name", "home"}, {"size", 10}, {"location", "fsn1"}, {"format", "ext4"}});
  REQUIRE(made.status == 201);
  CHECK(made.body["next_actions"] == json::array());
  const auto id = made.body["volume"]["id"].dump();
  CHECK(made.body["volume"]["linux_device"] == "/dev/disk/by-id/scsi-0HC_Volume_" + id);
  CHECK(made.body["volume"]["status"] == "creating");
  cloud.clock.advance(1s);
  CHECK(cloud.get("/volumes/" + id).body["volume"]["status"] == "available");
  CHECK(cloud.post("/volumes", {{"name", "home"}, {"size", 10}, {"location", "fsn1"}}).status == 409);
}

TEST_CASE("volumes have 10 to 10240 GB and only grow") {
  Cloud cloud;
  const auto attempt = [&](int size) {
    return cloud.post("/volumes", {{"name", "v"}, {"size", size}, {"location", "fsn1"}});
  };
  CHECK(attempt(9).field() == "size");
  CHECK(attempt(10241).field() == "size");
  const auto path = "/volumes/" + cloud.volume("home")["id"].dump();
  CHECK(cloud.post(path + "/actions/resize", {{"size", 10}}).status == 422);
  CHECK(cloud.post(path + "/actions/resize", {{"size", 20}}).status == 201);
  cloud.clock.advance(1s);
  CHECK(cloud.get(path).body["volume"]["size"] == 20);
}

TEST_CASE("volume and server must be in one place") {
  Cloud cloud;
  auto body = Cloud::order("box");
  body["volumes"] = {cloud.volume("far", "nbg1")["id"]};
  CHECK(cloud.post("/servers", body).field() == "volumes");
  const auto server = cloud.server("box");
  const auto path = "/volumes/" + body["volumes"][0].dump();
  const json to = {{"server", cloud.get(server).body["server"]["id"]}};
  CHECK(cloud.post(path + "/actions/attach", to).status == 422);
}

TEST_CASE("a volume is made in a place or for a server, not both") {
  Cloud cloud;
  json body{{"name", "home"}, {"size", 10}, {"location", "fsn1"}};
  body["server"] = cloud.get(cloud.server("box")).body["server"]["id"];
  CHECK(cloud.post("/volumes", body).field() == "location");
  body.erase("location");
  const auto made = cloud.post("/volumes", body);
  CHECK(made.body["volume"]["location"]["name"] == "fsn1");
  CHECK(made.body["next_actions"][0]["command"] == "attach_volume");
  body.erase("server");
  body["name"] = "nowhere";
  CHECK(cloud.post("/volumes", body).field() == "location");
}

TEST_CASE("a volume is attached to one server at a time, and not deleted while it is") {
  Cloud cloud;
  const auto first = cloud.get(cloud.server("one")).body["server"]["id"];
  const auto second = cloud.get(cloud.server("two")).body["server"]["id"];
  const auto path = "/volumes/" + cloud.volume("home")["id"].dump();
  CHECK(cloud.post(path + "/actions/attach", {{"server", first}}).status == 201);
  CHECK(cloud.post(path + "/actions/attach", {{"server", second}}).code() == "volume_already_attached");
  CHECK(cloud.post(path + "/actions/detach").status == 423);
  cloud.clock.advance(2s);
  CHECK(cloud.get(path).body["volume"]["server"] == first);
  CHECK(cloud.call("DELETE", path).status == 422);
  CHECK(cloud.post(path + "/actions/detach").status == 201);
  cloud.clock.advance(2s);
  CHECK(cloud.post(path + "/actions/change_protection", {{"delete", true}}).status == 201);
  CHECK(cloud.call("DELETE", path).status == 423);
  cloud.post(path + "/actions/change_protection", {{"delete", false}});
  CHECK(cloud.call("DELETE", path).status == 204);
  CHECK(cloud.get(path).status == 404);
}

TEST_CASE("a volume that is still made, or whose server is busy, is locked") {
  Cloud cloud;
  const auto made = cloud.post("/volumes", {{"name", "home"}, {"size", 10}, {"location", "fsn1"}});
  const auto path = "/volumes/" + made.body["volume"]["id"].dump();
  CHECK(cloud.call("DELETE", path).status == 423);
}

TEST_CASE("the labels of a PUT replace all, and bad ones are refused") {
  Cloud cloud;
  const auto path = "/volumes/" + cloud.volume("home")["id"].dump();
  cloud.call("PUT", path, {{"labels", {{"a", "1"}, {"example.org/b", ""}}}});
  CHECK(cloud.call("PUT", path, {{"labels", {{"c", "2"}}}}).body["volume"]["labels"] == json{{"c", "2"}});
  for (const auto* key : {"-a", "a b", "hetzner.cloud/a", "@a:b"})
    CHECK(cloud.call("PUT", path, {{"labels", {{key, "1"}}}}).field() == "labels");
  CHECK(cloud.call("PUT", path, {{"labels", {{"owner", "@alice:example.org"}}}}).status == 422);
  CHECK(cloud.call("PUT", path, {{"labels", {{"owner", std::string(64, 'a')}}}}).status == 422);
}

TEST_CASE("an address keeps to its place and to one server") {
  Cloud cloud;
  const auto near = cloud.address("near"), far = cloud.address("far", "nbg1");
  auto body = Cloud::order("box");
  body["public_net"] = {{"ipv4", far["id"]}};
  CHECK(cloud.post("/servers", body).code() == "primary_ip_datacenter_mismatch");
  body["public_net"] = {{"ipv6", near["id"]}};
  CHECK(cloud.post("/servers", body).status == 412);
  body["public_net"] = {{"ipv4", near["id"]}, {"enable_ipv6", false}};
  const auto server = cloud.make(body);
  CHECK(cloud.get(server).body["server"]["public_net"]["ipv6"].is_null());
  const auto path = "/primary_ips/" + near["id"].dump();
  CHECK(cloud.call("DELETE", path).code() == "must_be_unassigned");
  CHECK(cloud.post(path + "/actions/unassign").code() == "server_not_stopped");
  cloud.post(server + "/actions/poweroff");
  cloud.clock.advance(2s);
  CHECK(cloud.post(path + "/actions/unassign").status == 201);
  cloud.clock.advance(2s);
  const json to = {{"assignee_id", cloud.get(server).body["server"]["id"]}, {"assignee_type", "server"}};
  CHECK(cloud.post(path + "/actions/assign", to).status == 201);
  cloud.clock.advance(2s);
  CHECK(cloud.get(path).body["primary_ip"]["assignee_id"] == to["assignee_id"]);
  CHECK(cloud.post(path + "/actions/assign", to).code() == "primary_ip_already_assigned");
}
