#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

const json near_subnet{{"type", "cloud"}, {"ip_range", "10.0.1.0/24"}, {"network_zone", "eu-central"}};

/// A cloud with 10.0.0.0/16 and one subnet in it.
struct Connected {
  Connected() { make("net", "10.0.0.0/16", json::array({near_subnet})); }
  Answer make(const std::string& name, const std::string& ip_range, const json& subnets = json::array()) {
    auto made = cloud.post("/networks", {{"name", name}, {"ip_range", ip_range}, {"subnets", subnets}});
    if (made.status == 201 && net.is_null()) net = made.body.at("network").at("id");
    return made;
  }
  [[nodiscard]] std::string path() const { return "/networks/" + net.dump(); }
  json network() { return cloud.get(path()).body.at("network"); }
  Answer act(const std::string& what, const json& body) {
    return cloud.post(path() + "/actions/" + what, body);
  }
  json place(const std::string& server) { return cloud.get(server).body.at("server").at("private_net"); }

  Cloud cloud;
  json net;
};

}  // namespace

TEST_CASE("a network has its ranges, routes and every field of the API") {
  Connected world;
  const auto network = world.network();
  CHECK(network["ip_range"] == "10.0.0.0/16");
  CHECK(network["subnets"][0] == json{{"type", "cloud"},
                                      {"ip_range", "10.0.1.0/24"},
                                      {"network_zone", "eu-central"},
                                      {"gateway", "10.0.0.1"},
                                      {"vswitch_id", nullptr}});
  for (const auto* key : {"routes", "servers", "load_balancers"}) CHECK(network[key] == json::array());
  CHECK(network["protection"] == json{{"delete", false}});
  CHECK(network["expose_routes_to_vswitch"] == false);
  CHECK(network["created"] == "2026-11-25T09:00:00Z");
  const auto renamed = world.cloud.call("PUT", world.path(), {{"name", "lan"}, {"labels", {{"a", "1"}}}});
  CHECK(renamed.body["network"]["name"] == "lan");
  CHECK(world.cloud.get("/networks?name=lan&label_selector=a").body["networks"].size() == 1);
  CHECK(world.make("lan", "10.1.0.0/16").code() == "uniqueness_error");
  CHECK(world.cloud.call("DELETE", world.path()).status == 204);
  CHECK(world.cloud.get(world.path()).status == 404);
}

TEST_CASE("the range of a network is private, and a subnet lies in it beside the others") {
  Connected world;
  for (const auto* range : {"10.0.0.1/16", "8.8.8.0/24", "10.0.0.0/25", "10.0.0.0", "x"})
    CHECK(world.make("other", range).field() == "ip_range");
  const auto subnet = [&](const std::string& range) {
    return world.act("add_subnet", {{"type", "cloud"}, {"ip_range", range}, {"network_zone", "eu-central"}});
  };
  for (const auto* range : {"10.0.1.128/25", "10.1.0.0/24", "10.0.2.0/31", "y"})
    CHECK(subnet(range).field() == "ip_range");
  CHECK(world.act("add_subnet", {{"type", "cloud"}, {"network_zone", "moon"}}).field() == "network_zone");
  CHECK(world.act("add_subnet", {{"type", "vswitch"}, {"network_zone", "eu-central"}, {"vswitch_id", 1}})
            .code() == "unsupported_error");
  // hcloud-go says what it does not know as "".
  const json unsaid{{"type", "cloud"}, {"network_zone", "eu-central"}, {"ip_range", ""}, {"gateway", ""}};
  const auto added = world.act("add_subnet", unsaid);
  CHECK(added.status == 201);
  CHECK(added.body["action"]["command"] == "add_subnet");
  CHECK(world.network()["subnets"].size() == 1);
  CHECK(subnet("10.0.9.0/24").code() == "conflict");
  world.cloud.clock.advance(1s);
  CHECK(world.network()["subnets"][1]["ip_range"] == "10.0.0.0/24");
  CHECK(world.cloud.get(world.path() + "/actions").body["actions"].size() == 1);
  CHECK(world.cloud.get("/networks/actions").body["actions"].size() == 1);
}

TEST_CASE("routes come and go, and a network only grows") {
  Connected world;
  const json route{{"destination", "10.100.0.0/16"}, {"gateway", "10.0.1.7"}};
  CHECK(world.act("add_route", {{"destination", "10.100.0.0/16"}, {"gateway", "10.2.0.1"}}).field() ==
        "gateway");
  CHECK(world.act("add_route", route).status == 201);
  world.cloud.clock.advance(1s);
  CHECK(world.network()["routes"] == json::array({route}));
  CHECK(world.act("add_route", route).field() == "destination");
  CHECK(world.act("delete_route", route).status == 201);
  world.cloud.clock.advance(1s);
  CHECK(world.network()["routes"].empty());
  CHECK(world.act("delete_route", route).status == 422);
  for (const auto* range : {"10.0.0.0/17", "10.1.0.0/15", "10.0.0.0/16"})
    CHECK(world.act("change_ip_range", {{"ip_range", range}}).field() == "ip_range");
  CHECK(world.act("change_ip_range", {{"ip_range", "10.0.0.0/8"}}).status == 201);
  world.cloud.clock.advance(1s);
  CHECK(world.network()["ip_range"] == "10.0.0.0/8");
  CHECK(world.act("delete_subnet", {{"ip_range", "10.0.7.0/24"}}).field() == "ip_range");
  CHECK(world.act("delete_subnet", {{"ip_range", "10.0.1.0/24"}}).status == 201);
  world.cloud.clock.advance(1s);
  CHECK(world.network()["subnets"].empty());
}

TEST_CASE("a server made with a network has an address there when its action has ended") {
  Connected world;
  auto body = Cloud::order("box");
  body["networks"] = {world.net};
  const auto made = world.cloud.post("/servers", body);
  REQUIRE(made.status == 201);
  CHECK(made.body["server"]["private_net"] == json::array());
  CHECK(made.body["next_actions"].back()["command"] == "attach_to_network");
  CHECK(made.body["next_actions"].back()["resources"][1] == json{{"id", world.net}, {"type", "network"}});
  const auto server = "/servers/" + made.body["server"]["id"].dump();
  world.cloud.clock.advance(11s);
  const auto place = world.place(server).at(0);
  CHECK(place["network"] == world.net);
  CHECK(place["ip"] == "10.0.1.1");
  CHECK(place["alias_ips"] == json::array());
  CHECK(place["mac_address"].get<std::string>().starts_with("86:00:00:"));
  CHECK(world.network()["servers"] == json::array({made.body["server"]["id"]}));
  body["name"] = "far";
  body["location"] = "ash";
  body["server_type"] = "cpx31";
  CHECK(world.cloud.post("/servers", body).code() == "no_subnet_available");
  body["networks"] = {7};
  CHECK(world.cloud.post("/servers", body).field() == "networks");
  CHECK(world.cloud.get("/servers").body["servers"].size() == 1);
}

TEST_CASE("a server is attached with the address asked for, and detached") {
  Connected world;
  const auto server = world.cloud.server("box"), other = world.cloud.server("other");
  const auto act = [&](const std::string& path, const std::string& what, json body) {
    body["network"] = world.net;
    return world.cloud.post(path + "/actions/" + what, body);
  };
  const json asked{{"ip", "10.0.1.9"}, {"alias_ips", {"10.0.1.10"}}};
  CHECK(act(server, "attach_to_network", {{"ip", "10.9.9.9"}}).code() == "ip_not_available");
  CHECK(act(server, "attach_to_network", {{"ip_range", "10.0.7.0/24"}}).code() == "no_subnet_available");
  CHECK(act(server, "attach_to_network", asked).status == 201);
  CHECK(act(server, "attach_to_network", json::object()).code() == "server_already_attached");
  for (const auto* taken : {"10.0.1.9", "10.0.1.10"})
    CHECK(act(other, "attach_to_network", {{"ip", taken}}).code() == "ip_not_available");
  CHECK(world.cloud.post(server + "/actions/poweroff").status == 423);
  world.cloud.clock.advance(2s);
  CHECK(world.place(server).at(0)["alias_ips"] == json::array({"10.0.1.10"}));
  CHECK(act(server, "change_alias_ips", {{"alias_ips", {"10.0.1.10", "10.0.1.11"}}}).status == 201);
  world.cloud.clock.advance(2s);
  CHECK(world.place(server).at(0)["alias_ips"].size() == 2);
  CHECK(world.act("delete_subnet", {{"ip_range", "10.0.1.0/24"}}).code() == "resource_in_use");
  CHECK(act(server, "detach_from_network", json::object()).status == 201);
  world.cloud.clock.advance(2s);
  CHECK(world.place(server).empty());
  CHECK(act(server, "detach_from_network", json::object()).field() == "network");
}

TEST_CASE("a network's members say how far they are, and can be asked for by it") {
  Connected world;
  auto& cloud = world.cloud;
  const auto server = cloud.server("box");
  const auto members = [&](const std::string& query = "") {
    return cloud.get(world.path() + "/members" + query).body.at("members");
  };
  CHECK(members() == json::array());
  REQUIRE(cloud.post(server + "/actions/attach_to_network", {{"network", world.net}}).status == 201);
  CHECK(members()[0]["status"] == "attaching");
  cloud.clock.advance(2s);
  CHECK(members()[0] == json{{"type", "server"},
                             {"id", cloud.get(server).body["server"]["id"]},
                             {"ip", "10.0.1.1"},
                             {"status", "ok"},
                             {"alias_ips", json::array()},
                             {"subnet", "10.0.1.0/24"}});
  CHECK(members("?status=ok&type=server&subnet=10.0.1.0/24&sort=ip:desc").size() == 1);
  CHECK(members("?type=load_balancer").empty());
  CHECK(cloud.get(world.path() + "/members?sort=name").field() == "sort");
  const json aliases{{"network", world.net}, {"alias_ips", {"10.0.1.9"}}};
  REQUIRE(cloud.post(server + "/actions/change_alias_ips", aliases).status == 201);
  CHECK(members()[0]["status"] == "updating");
  cloud.clock.advance(2s);
  REQUIRE(cloud.post(server + "/actions/detach_from_network", {{"network", world.net}}).status == 201);
  CHECK(members()[0]["status"] == "detaching");
  cloud.clock.advance(2s);
  CHECK(members() == json::array());
  CHECK(cloud.get("/networks/7/members").status == 404);
}

TEST_CASE("networks of one server do not overlap, and one that is deleted leaves its servers") {
  Connected world;
  auto body = Cloud::order("box");
  body["networks"] = {world.net};
  const auto server = world.cloud.make(body);
  const auto twin = world.make("twin", "10.0.0.0/16", json::array({near_subnet})).body["network"]["id"];
  CHECK(world.cloud.post(server + "/actions/attach_to_network", {{"network", twin}}).code() ==
        "networks_overlap");
  CHECK(world.act("change_protection", {{"delete", true}}).status == 201);
  CHECK(world.cloud.call("DELETE", world.path()).code() == "protected");
  world.act("change_protection", {{"delete", false}});
  CHECK(world.cloud.call("DELETE", world.path()).status == 204);
  CHECK(world.place(server).empty());
}
