#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

Options of_2025() {
  auto options = two_projects();
  options.shape = 2025;
  return options;
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("every object has every field of November 2026, and no other") {
  Cloud cloud;
  const auto server = cloud.get(cloud.server("box")).body["server"];
  CHECK(keys_of(server) == Keys{"backup_window",
                                "created",
                                "id",
                                "image",
                                "included_traffic",
                                "ingoing_traffic",
                                "iso",
                                "labels",
                                "load_balancers",
                                "location",
                                "locked",
                                "name",
                                "outgoing_traffic",
                                "placement_group",
                                "primary_disk_size",
                                "private_net",
                                "protection",
                                "public_net",
                                "rescue_enabled",
                                "server_type",
                                "status",
                                "volumes"});
  CHECK(keys_of(server["public_net"]) == Keys{"firewalls", "floating_ips", "ipv4", "ipv6"});
  CHECK(keys_of(server["server_type"]) == Keys{"architecture", "category", "cores", "cpu_type", "deprecation",
                                               "description", "disk", "id", "locations", "memory", "name",
                                               "prices", "storage_type"});
  CHECK(keys_of(server["server_type"]["locations"][0]) ==
        Keys{"available", "deprecation", "id", "name", "recommended"});
  CHECK(keys_of(server["location"]) ==
        Keys{"city", "country", "description", "id", "latitude", "longitude", "name", "network_zone"});
  CHECK(keys_of(server["image"]) == Keys{"architecture", "bound_to", "created", "created_from", "deleted",
                                         "deprecation", "description", "disk_size", "id", "image_size",
                                         "labels", "name", "os_flavor", "os_version", "protection",
                                         "rapid_deploy", "status", "type"});
  CHECK(keys_of(cloud.volume("home")) == Keys{"created", "format", "id", "labels", "linux_device", "location",
                                              "name", "protection", "server", "size", "status"});
  const auto address = cloud.address("ip");
  CHECK(keys_of(address) == Keys{"assignee_id", "assignee_type", "auto_delete", "blocked", "created",
                                 "dns_ptr", "id", "ip", "labels", "location", "name", "protection", "type"});
  CHECK(address["assignee_type"] == "unassigned");
  CHECK(address["assignee_id"].is_null());
  CHECK(keys_of(cloud.get("/servers/actions").body["actions"][0]) ==
        Keys{"command", "error", "finished", "id", "progress", "resources", "started", "status"});
}

TEST_CASE("the shape of 2025 has datacenters, in objects, in lists and in orders") {
  Cloud cloud(of_2025());
  auto body = Cloud::order("box");
  body.erase("location");
  body["datacenter"] = "nbg1-dc3";
  const auto server = cloud.get(cloud.make(body)).body["server"];
  CHECK(server["location"]["name"] == "nbg1");
  CHECK(server["datacenter"]["id"] == 2);
  CHECK(server["datacenter"]["location"] == server["location"]);
  CHECK(server["image"]["deprecated"].is_null());
  const auto address =
      cloud
          .post("/primary_ips",
                {{"name", "ip"}, {"type", "ipv4"}, {"datacenter", "4"}, {"assignee_type", "server"}})
          .body["primary_ip"];
  CHECK(address["datacenter"]["name"] == "fsn1-dc14");
  CHECK(address["assignee_type"] == "server");
  CHECK(address["assignee_id"].is_null());
  const auto all = cloud.get("/datacenters").body;
  CHECK(all["datacenters"].size() == 6);
  CHECK(all["recommendation"] == 4);
  CHECK(all["meta"]["pagination"]["total_entries"] == 6);
  CHECK(cloud.get("/datacenters?name=hel1-dc2").body["datacenters"].size() == 1);
  const auto ashburn = cloud.get("/datacenters/5").body["datacenter"];
  CHECK(ashburn["location"]["name"] == "ash");
  CHECK(ashburn["server_types"]["available"].size() > 0);
  CHECK(cloud.get("/datacenters/9").status == 404);
  body["name"] = "other";
  body["datacenter"] = "moon-dc1";
  CHECK(cloud.post("/servers", body).field() == "datacenter");
  body["datacenter"] = "fsn1-dc14";
  body["location"] = "fsn1";
  CHECK(cloud.post("/servers", body).field() == "datacenter");
}

TEST_CASE("the shape of 2025 says at the type itself that it is retired") {
  Cloud cloud(of_2025());
  const auto type = [&](const std::string& name) {
    return cloud.get("/server_types?name=" + name).body["server_types"][0];
  };
  CHECK(type("cpx31")["deprecated"] == true);
  CHECK(type("cpx31")["deprecation"]["unavailable_after"] == "2025-12-31T23:59:59Z");
  CHECK(type("cpx32")["deprecated"] == false);
  CHECK(type("cpx32")["deprecation"].is_null());
  CHECK(keys_of(type("cpx32")["locations"][0]) == Keys{"deprecation", "id", "name"});
}
