#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

TEST_CASE("a server is initializing, then starting, then running, and its actions follow the clock") {
  Cloud cloud;
  const auto volume = cloud.volume("home");
  auto body = Cloud::order("box");
  body["volumes"] = {volume["id"]};
  const auto made = cloud.post("/servers", body);
  REQUIRE(made.status == 201);
  const auto& server = made.body["server"];
  CHECK(server["status"] == "initializing");
  CHECK(server["locked"] == true);
  CHECK(server["volumes"] == json::array());
  CHECK(server["created"] == "2026-11-25T09:00:01Z");
  CHECK(!server.contains("datacenter"));
  CHECK(made.body["root_password"].is_string());
  CHECK(made.body["action"]["command"] == "create_server");
  CHECK(made.body["action"]["id"].dump().size() == 15);
  REQUIRE(made.body["next_actions"].size() == 2);
  CHECK(made.body["next_actions"][0]["command"] == "start_server");
  CHECK(made.body["next_actions"][1]["command"] == "attach_volume");

  const auto path = "/servers/" + server["id"].dump();
  const auto create = "/actions/" + made.body["action"]["id"].dump();
  cloud.clock.advance(4s);
  CHECK(cloud.get(create).body["action"]["progress"] == 50);
  cloud.clock.advance(4s);
  CHECK(cloud.get(create).body["action"]["status"] == "success");
  CHECK(cloud.get(create).body["action"]["finished"] == "2026-11-25T09:00:09Z");
  CHECK(cloud.status(path) == "starting");
  cloud.clock.advance(3s);
  CHECK(cloud.status(path) == "running");
  CHECK(cloud.get(path).body["server"]["locked"] == true);
  cloud.clock.advance(2s);
  const auto now = cloud.get(path).body["server"];
  CHECK(now["locked"] == false);
  CHECK(now["volumes"] == json::array({volume["id"]}));
}

TEST_CASE("a server from a snapshot takes a minute, and one that is not to be started stays off") {
  Cloud cloud;
  const auto newest =
      cloud.get("/images?type=snapshot&label_selector=os-flavor%3Dubuntu-dev&sort=created:desc&per_page=1");
  auto body = Cloud::order("box");
  body["image"] = newest.body["images"][0]["id"];
  body["start_after_create"] = false;
  const auto made = cloud.post("/servers", body);
  CHECK(made.body["next_actions"] == json::array());
  const auto path = "/servers/" + made.body["server"]["id"].dump();
  cloud.clock.advance(59s);
  CHECK(cloud.status(path) == "initializing");
  cloud.clock.advance(1s);
  CHECK(cloud.status(path) == "off");
}

TEST_CASE("actions are told together, only those asked for") {
  Cloud cloud;
  const auto made = cloud.post("/servers", Cloud::order("box"));
  const auto first = made.body["action"]["id"], second = made.body["next_actions"][0]["id"];
  const auto told = cloud.get("/actions?id=" + first.dump() + "&id=" + second.dump() + "&id=1");
  CHECK(told.body["actions"].size() == 2);
  const auto all =
      cloud.get("/servers/" + made.body["server"]["id"].dump() + "/actions?status=running&name=x");
  CHECK(all.body["actions"].size() == 2);
  CHECK(cloud.get("/actions").status == 422);
  CHECK(cloud.get("/actions/1").status == 404);
}

TEST_CASE("names follow the rules and are unique until the server is deleted") {
  Cloud cloud;
  auto bad = cloud.post("/servers", Cloud::order("no_host_name"));
  CHECK(bad.status == 422);
  CHECK(bad.field() == "name");
  const auto path = cloud.server("box");
  const auto taken = cloud.post("/servers", Cloud::order("box"));
  CHECK(taken.status == 409);
  CHECK(taken.code() == "uniqueness_error");
  CHECK(taken.field() == "name");
  CHECK(cloud.call("POST", "/servers", Cloud::order("box"), "second").status == 201);
  CHECK(cloud.call("DELETE", path).status == 200);
  CHECK(cloud.post("/servers", Cloud::order("box")).status == 201);
}

TEST_CASE("a locked server refuses every change with 423") {
  Cloud cloud;
  const auto path = cloud.server("box");
  CHECK(cloud.post(path + "/actions/poweroff").status == 201);
  CHECK(cloud.post(path + "/actions/poweron").status == 423);
  const auto refused = cloud.call("DELETE", path);
  CHECK(refused.status == 423);
  CHECK(refused.code() == "locked");
  cloud.clock.advance(2s);
  CHECK(cloud.status(path) == "off");
  CHECK(cloud.call("DELETE", path).status == 200);
}

TEST_CASE("a server that is initializing can be deleted, and its create actions end") {
  Cloud cloud;
  const auto made = cloud.post("/servers", Cloud::order("box"));
  const auto path = "/servers/" + made.body["server"]["id"].dump();
  CHECK(cloud.call("DELETE", path).status == 200);
  CHECK(cloud.get(path).status == 404);
  for (const auto& action : {made.body["action"], made.body["next_actions"][0]})
    CHECK(cloud.get("/actions/" + action["id"].dump()).body["action"]["status"] == "error");
}

TEST_CASE("a deleted server is gone at once, its volume and address only with the action") {
  Cloud cloud;
  const auto volume = cloud.volume("home"), ip = cloud.address("ip");
  auto body = Cloud::order("box");
  body["volumes"] = {volume["id"]};
  body["public_net"] = {{"ipv4", ip["id"]}};
  const auto path = cloud.make(body);
  const auto deleted = cloud.call("DELETE", path);
  CHECK(deleted.body["action"]["command"] == "delete_server");
  CHECK(cloud.get(path).status == 404);
  CHECK(cloud.get("/servers").body["servers"].empty());
  body["name"] = "next";
  CHECK(cloud.post("/servers", body).code() == "volume_already_attached");
  body.erase("volumes");
  CHECK(cloud.post("/servers", body).code() == "primary_ip_assigned");
  cloud.clock.advance(5s);
  CHECK(cloud.get("/actions/" + deleted.body["action"]["id"].dump()).body["action"]["status"] == "success");
  CHECK(cloud.get("/volumes/" + volume["id"].dump()).body["volume"]["server"].is_null());
  // The implicit IPv6 went with its server, the address that was brought did not.
  REQUIRE(cloud.get("/primary_ips").body["primary_ips"].size() == 1);
  CHECK(cloud.get("/primary_ips").body["primary_ips"][0]["assignee_type"] == "unassigned");
  body["volumes"] = {volume["id"]};
  CHECK(cloud.post("/servers", body).status == 201);
}

TEST_CASE("addresses nobody brought are made, and die with the server") {
  Cloud cloud;
  const auto path = cloud.server("box");
  const auto ips = cloud.get("/primary_ips?sort=id").body["primary_ips"];
  REQUIRE(ips.size() == 2);
  CHECK(ips[0]["type"] == "ipv4");
  CHECK(ips[0]["auto_delete"] == true);
  CHECK(cloud.get(path).body["server"]["public_net"]["ipv4"]["ip"] == "203.0.113.1");
  cloud.call("DELETE", path);
  cloud.clock.advance(5s);
  CHECK(cloud.get("/primary_ips").body["primary_ips"].empty());
}

TEST_CASE("a shutdown only sends the signal; the machine is off some seconds later") {
  Cloud cloud;
  const auto path = cloud.server("box");
  const auto sent = cloud.post(path + "/actions/shutdown");
  cloud.clock.advance(1s);
  CHECK(cloud.get("/actions/" + sent.body["action"]["id"].dump()).body["action"]["status"] == "success");
  CHECK(cloud.status(path) == "running");
  cloud.clock.advance(5s);
  CHECK(cloud.status(path) == "off");
}

TEST_CASE("a machine may ignore the shutdown, and may be switched from outside") {
  Cloud cloud;
  const auto path = cloud.server("box");
  CHECK(cloud.call("PUT", "/_sim" + path + "/behaviour", {{"report", "no_shutdown"}}).status == 200);
  cloud.post(path + "/actions/shutdown");
  cloud.clock.advance(60s);
  CHECK(cloud.status(path) == "running");
  CHECK(cloud.call("PUT", "/_sim" + path + "/power", {{"status", "off"}}).status == 200);
  CHECK(cloud.status(path) == "off");
  CHECK(cloud.call("PUT", "/_sim" + path + "/behaviour", {{"reprot", "ok"}}).status == 422);
}

TEST_CASE("a protected server is not deleted") {
  Cloud cloud;
  const auto path = cloud.server("box");
  CHECK(cloud.post(path + "/actions/change_protection", {{"delete", true}, {"rebuild", true}}).status == 201);
  const auto refused = cloud.call("DELETE", path);
  CHECK(refused.status == 423);
  CHECK(refused.code() == "protected");
  CHECK(cloud.post(path + "/actions/change_protection", {{"delete", false}}).status == 422);
}

TEST_CASE("what a type cannot do in a place is invalid, what is sold out is 412 and makes nothing") {
  Cloud cloud;
  const auto attempt = [&](const char* type) {
    auto body = Cloud::order("box");
    body["server_type"] = type;
    return cloud.post("/servers", body);
  };
  CHECK(attempt("cpx31").code() == "invalid_input");
  CHECK(attempt("nonesuch").field() == "server_type");
  const auto sold_out = attempt("cx33");
  CHECK(sold_out.status == 412);
  CHECK(sold_out.code() == "resource_unavailable");
  CHECK(sold_out.body["error"]["message"] == "error during placement");
  cloud.call("PUT", "/_sim/stock", {{"type", "cpx32"}, {"location", "fsn1"}, {"create", "412"}});
  CHECK(attempt("cpx32").status == 412);
  CHECK(cloud.get("/server_types?name=cpx32").body["server_types"][0]["locations"][0]["available"] == true);
  CHECK(cloud.get("/servers").body["servers"].empty());
  CHECK(cloud.get("/primary_ips").body["primary_ips"].empty());
  cloud.call("PUT", "/_sim/stock",
             {{"type", "cpx32"}, {"location", "fsn1"}, {"create", "ok"}, {"available", false}});
  CHECK(attempt("cpx32").status == 201);
}

TEST_CASE("an image must fit the type's architecture and disk") {
  Cloud cloud;
  cloud.call("PUT", "/_sim/stock", {{"type", "cax11"}, {"location", "fsn1"}, {"available", true}});
  auto body = Cloud::order("box");
  body["server_type"] = "cax11";
  body["image"] = cloud.get("/images?type=snapshot").body["images"][0]["id"];
  const auto refused = cloud.post("/servers", body);
  CHECK(refused.status == 422);
  CHECK(refused.field() == "image");
  body["image"] = "debian-12";
  CHECK(cloud.post("/servers", body).body["server"]["image"]["architecture"] == "arm");
}

TEST_CASE("user data ends at 32 KiB") {
  Cloud cloud;
  auto body = Cloud::order("box");
  body["user_data"] = std::string(32 * 1024 + 1, 'a');
  CHECK(cloud.post("/servers", body).field() == "user_data");
  body["user_data"] = std::string(32 * 1024, 'a');
  CHECK(cloud.post("/servers", body).status == 201);
}
