#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

const json ssh_in{
    {"direction", "in"}, {"protocol", "tcp"}, {"port", "22"}, {"source_ips", {"0.0.0.0/0", "::/0"}}};

json server_target(const json& id) { return {{"type", "server"}, {"server", {{"id", id}}}}; }
json selector_target(const std::string& text) {
  return {{"type", "label_selector"}, {"label_selector", {{"selector", text}}}};
}

/// A firewall with one rule beside a server with the label env=prod.
struct Walled {
  Walled() {
    auto body = Cloud::order("box");
    body["labels"] = {{"env", "prod"}};
    server = cloud.make(body);
    id = cloud.get(server).body["server"]["id"];
    const auto made = cloud.post("/firewalls", {{"name", "wall"}, {"rules", {ssh_in}}});
    wall = "/firewalls/" + made.body.at("firewall").at("id").dump();
  }
  Answer apply(const json& target) {
    return cloud.post(wall + "/actions/apply_to_resources", {{"apply_to", {target}}});
  }
  Answer remove(const json& target) {
    return cloud.post(wall + "/actions/remove_from_resources", {{"remove_from", {target}}});
  }
  json on_server() { return cloud.get(server).body["server"]["public_net"]["firewalls"]; }
  json shown() { return cloud.get(wall).body["firewall"]; }

  Cloud cloud;
  std::string server, wall;
  json id;
};

}  // namespace

TEST_CASE("rules are checked, shown with every field, and set anew on the servers they guard") {
  Walled world;
  CHECK(world.shown()["rules"][0] == json{{"description", nullptr},
                                          {"direction", "in"},
                                          {"protocol", "tcp"},
                                          {"port", "22"},
                                          {"source_ips", {"0.0.0.0/0", "::/0"}},
                                          {"destination_ips", json::array()}});
  const auto attempt = [&](const char* key, const json& value) {
    auto rule = ssh_in;
    rule[key] = value;
    return world.cloud.post(world.wall + "/actions/set_rules", {{"rules", {rule}}}).field();
  };
  CHECK(attempt("port", "0") == "rules.port");
  CHECK(attempt("port", "90-80") == "rules.port");
  CHECK(attempt("port", nullptr) == "rules.port");
  CHECK(attempt("port", "99999999999") == "rules.port");
  CHECK(attempt("port", std::string(30000, '8')) == "rules.port");
  CHECK(attempt("protocol", "icmp") == "rules.port");
  CHECK(attempt("protocol", "smtp") == "rules.protocol");
  CHECK(attempt("direction", "up") == "rules.direction");
  CHECK(attempt("direction", "out") == "rules.destination_ips");
  CHECK(attempt("source_ips", json::array({"10.0.0.1/8"})) == "rules.source_ips");
  CHECK(attempt("sources", 1) == "rules.sources");
  CHECK(attempt("description", std::string(256, 'a')) == "rules.description");
  CHECK(world.cloud.post(world.wall + "/actions/set_rules").field() == "rules");
  world.apply(server_target(world.id));
  world.cloud.clock.advance(1s);
  const auto set = world.cloud.post(world.wall + "/actions/set_rules", {{"rules", json::array()}});
  REQUIRE(set.body["actions"].size() == 2);
  CHECK(set.body["actions"][0]["command"] == "set_firewall_rules");
  CHECK(set.body["actions"][1]["command"] == "apply_firewall");
  CHECK(world.shown()["rules"].empty());
  CHECK(world.cloud.get(world.wall + "/actions").body["actions"].size() == 3);
  CHECK(world.cloud.get("/firewalls/actions").body["actions"].size() == 3);
}

TEST_CASE("a firewall is pending on a server, then applied, and in use until it is removed") {
  Walled world;
  const auto applied = world.apply(server_target(world.id));
  REQUIRE(applied.status == 201);
  CHECK(applied.body["actions"][0]["resources"][0] == json{{"id", world.id}, {"type", "server"}});
  CHECK(world.on_server()[0]["status"] == "pending");
  CHECK(world.cloud.post(world.server + "/actions/poweroff").status == 423);
  world.cloud.clock.advance(1s);
  CHECK(world.on_server()[0]["status"] == "applied");
  CHECK(world.shown()["applied_to"] == json::array({server_target(world.id)}));
  CHECK(world.apply(server_target(world.id)).code() == "firewall_already_applied");
  CHECK(world.cloud.call("DELETE", world.wall).code() == "resource_in_use");
  CHECK(world.remove(server_target(world.id)).body["actions"][0]["command"] == "remove_firewall");
  world.cloud.clock.advance(1s);
  CHECK(world.on_server().empty());
  CHECK(world.remove(server_target(world.id)).code() == "firewall_resource_not_found");
  CHECK(world.apply(server_target(7)).status == 404);
  CHECK(world.cloud.call("DELETE", world.wall).status == 204);
}

TEST_CASE("a label selector guards whoever it chooses, now and later") {
  Walled world;
  CHECK(world.apply(selector_target("env in")).field() == "label_selector");
  CHECK(world.apply(selector_target(std::string(500000, 'a'))).field() == "label_selector");
  CHECK(world.apply(selector_target("env=prod")).body["actions"].size() == 1);
  CHECK(world.apply(selector_target("env=prod")).code() == "firewall_already_applied");
  world.cloud.clock.advance(1s);
  CHECK(world.on_server().size() == 1);
  CHECK(world.shown()["applied_to"][0]["label_selector"] == json{{"selector", "env=prod"}});
  CHECK(world.shown()["applied_to"][0]["applied_to_resources"] == json::array({server_target(world.id)}));
  CHECK(world.remove(server_target(world.id)).code() == "firewall_managed_by_label_selector");
  CHECK(world.cloud.call("DELETE", world.wall).code() == "resource_in_use");
  world.cloud.call("PUT", world.server, {{"labels", json::object()}});
  CHECK(world.on_server().empty());
  CHECK(world.remove(selector_target("env=prod")).status == 201);
  CHECK(world.remove(selector_target("env=prod")).status == 404);
  CHECK(world.cloud.call("DELETE", world.wall).status == 204);
}

TEST_CASE("a firewall is made with what it guards, or not at all") {
  Walled world;
  json body{{"name", "second"}, {"apply_to", {server_target(world.id), server_target(world.id)}}};
  CHECK(world.cloud.post("/firewalls", body).code() == "server_already_added");
  CHECK(world.cloud.get("/firewalls").body["firewalls"].size() == 1);
  body["apply_to"] = {server_target(world.id)};
  CHECK(world.cloud.post("/firewalls", body).body["actions"].size() == 1);
  CHECK(world.cloud.post("/firewalls", body).code() == "uniqueness_error");
  world.cloud.clock.advance(1s);
  for (int i = 0; i < 4; ++i) {
    body["name"] = "wall" + std::to_string(i);
    CHECK(world.cloud.post("/firewalls", body).status == 201);
    world.cloud.clock.advance(1s);
  }
  body["name"] = "sixth";
  CHECK(world.cloud.post("/firewalls", body).code() == "resource_limit_exceeded");
}
