#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"
#include "tests/started_program.hpp"
#include "tests/temp_dir.hpp"

using namespace simulator_test;

namespace {

/// hetzner-sim itself on a state file, with two projects; killed after every answer to a change.
struct Mortal {
  Mortal() { start(); }

  void start() {
    program.emplace("hetzner-sim",
                    std::vector<std::string>{"--listen", "127.0.0.1:0", "--token", "first", "--token",
                                             "second", "--speed", "1000", "--state", dir.file("cloud")});
    const auto& line = program->line;
    client.emplace(io.get_executor(), net::parse_endpoint(line.substr(line.find("http://"))));
  }
  Answer call(const std::string& method, const std::string& path, const json& body = nullptr,
              const std::string& token = "first") {
    net::HttpRequest request{method, "/v1" + path, {}, body.is_null() ? "" : body.dump()};
    request.headers.emplace_back("Authorization", "Bearer " + token);
    const auto response = run(io, client->fetch(request, 10s));
    if (method != "GET") {
      CHECK(program->end(SIGKILL) == -1);
      client.reset();
      start();
    }
    return {response.status, json::parse(response.body, nullptr, false), response.headers};
  }
  /// The object of a reply, as it is told again after the kill.
  json made(const std::string& kind, const json& body) {
    const auto told = call("POST", "/" + kind, body);
    REQUIRE(told.status == 201);
    return told.body.at(kind.substr(0, kind.size() - 1));
  }
  json again(const std::string& kind, const json& object) {
    return call("GET", "/" + kind + "/" + object.at("id").dump()).body.at(kind.substr(0, kind.size() - 1));
  }

  TempDir dir;
  boost::asio::io_context io{1};
  std::optional<StartedProgram> program;
  std::optional<net::Client> client;
};

}  // namespace

TEST_CASE("what the simulator has answered is there after a SIGKILL, in the project it was made in") {
  Mortal cloud;
  const json subnet{{"type", "cloud"}, {"network_zone", "eu-central"}};
  const auto network = cloud.made(
      "networks", {{"name", "lan"}, {"ip_range", "10.0.0.0/16"}, {"subnets", json::array({subnet})}});
  const auto group = cloud.made("placement_groups", {{"name", "apart"}, {"type", "spread"}});
  const auto wall = cloud.made("firewalls", {{"name", "wall"}});
  const auto volume = cloud.made("volumes", {{"name", "home"}, {"size", 10}, {"location", "fsn1"}});
  const auto address = cloud.made("primary_ips", {{"name", "ip"}, {"type", "ipv4"}, {"location", "fsn1"}});
  CHECK(cloud.again("networks", network) == network);
  CHECK(cloud.again("placement_groups", group) == group);
  CHECK(cloud.again("firewalls", wall) == wall);
  CHECK(cloud.again("volumes", volume)["name"] == "home");
  CHECK(cloud.again("primary_ips", address) == address);
  auto order = Cloud::order("box");
  order["networks"] = {network["id"]};
  order["placement_group"] = group["id"];
  order["firewalls"] = {{{"firewall", wall["id"]}}};
  order["public_net"] = {{"ipv4", address["id"]}};
  const auto server = cloud.made("servers", order);
  const auto kept = cloud.again("servers", server);
  CHECK(kept["name"] == "box");
  CHECK(kept["placement_group"]["id"] == group["id"]);
  CHECK(kept["public_net"]["ipv4"]["ip"] == address["ip"]);
  CHECK(kept["public_net"]["firewalls"][0]["id"] == wall["id"]);
  const auto path = "/networks/" + network["id"].dump();
  for (const std::string kind :
       {"servers", "volumes", "primary_ips", "firewalls", "networks", "placement_groups"})
    CHECK(cloud.call("GET", "/" + kind, nullptr, "second").body[kind].empty());
  CHECK(cloud.call("DELETE", path, nullptr, "second").status == 404);
  CHECK(cloud.call("PUT", path, {{"name", "net"}}).status == 200);
  CHECK(cloud.again("networks", network)["name"] == "net");
}
