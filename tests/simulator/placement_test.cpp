#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

json group(Cloud& cloud, const std::string& name) {
  return cloud.post("/placement_groups", {{"name", name}, {"type", "spread"}}).body.at("placement_group");
}

json group_of(Cloud& cloud, const std::string& server) {
  return cloud.get(server).body.at("server").at("placement_group");
}

}  // namespace

TEST_CASE("a placement group is made, renamed, found by its type and deleted when it is empty") {
  Cloud cloud;
  const auto made = cloud.post("/placement_groups", {{"name", "apart"}, {"type", "spread"}});
  CHECK(made.status == 201);
  CHECK(made.body["action"].is_null());
  const auto& made_group = made.body["placement_group"];
  CHECK(made_group == json{{"id", made_group["id"]},
                           {"name", "apart"},
                           {"labels", json::object()},
                           {"type", "spread"},
                           {"created", "2026-11-25T09:00:00Z"},
                           {"servers", json::array()}});
  CHECK(cloud.post("/placement_groups", {{"name", "apart"}, {"type", "spread"}}).status == 409);
  CHECK(cloud.post("/placement_groups", {{"name", "b"}, {"type", "pack"}}).field() == "type");
  const auto path = "/placement_groups/" + made_group["id"].dump();
  CHECK(cloud.call("PUT", path, {{"name", "far"}}).body["placement_group"]["name"] == "far");
  CHECK(cloud.get("/placement_groups?type=spread").body["placement_groups"].size() == 1);
  CHECK(cloud.get("/placement_groups?type=pack").body["placement_groups"].empty());
  CHECK(cloud.call("DELETE", path).status == 204);
  CHECK(cloud.get(path).status == 404);
}

TEST_CASE("a server is made in a group, leaves it and comes back when it is off") {
  Cloud cloud;
  auto body = Cloud::order("box");
  body["placement_group"] = 7;
  CHECK(cloud.post("/servers", body).field() == "placement_group");
  body["placement_group"] = group(cloud, "apart")["id"];
  const auto server = cloud.make(body);
  const auto path = "/placement_groups/" + body["placement_group"].dump();
  CHECK(group_of(cloud, server)["name"] == "apart");
  CHECK(group_of(cloud, server)["servers"].size() == 1);
  CHECK(cloud.call("DELETE", path).code() == "resource_in_use");
  const json to{{"placement_group", body["placement_group"]}};
  CHECK(cloud.post(server + "/actions/add_to_placement_group", to).code() == "already_in_placement_group");
  CHECK(cloud.post(server + "/actions/remove_from_placement_group").status == 201);
  cloud.clock.advance(1s);
  CHECK(group_of(cloud, server).is_null());
  CHECK(cloud.post(server + "/actions/add_to_placement_group", to).code() == "server_not_stopped");
  cloud.post(server + "/actions/poweroff");
  cloud.clock.advance(2s);
  CHECK(cloud.post(server + "/actions/add_to_placement_group", to).status == 201);
  CHECK(cloud.post(server + "/actions/poweron").status == 423);
  cloud.clock.advance(1s);
  CHECK(group_of(cloud, server)["id"] == body["placement_group"]);
}

TEST_CASE("a group takes ten servers") {
  Cloud cloud;
  auto body = Cloud::order("box");
  body["placement_group"] = group(cloud, "apart")["id"];
  for (int i = 0; i < 10; ++i) {
    body["name"] = "box" + std::to_string(i);
    CHECK(cloud.post("/servers", body).status == 201);
  }
  body["name"] = "box10";
  CHECK(cloud.post("/servers", body).code() == "placement_error");
  CHECK(cloud.get("/servers").body["servers"].size() == 10);
}
