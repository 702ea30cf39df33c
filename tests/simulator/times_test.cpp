#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

/// Seconds of the still clock until the action has ended; it says half of its way in the middle.
int seconds_of(Cloud& cloud, const Answer& told) {
  REQUIRE(told.status < 300);
  const auto path = "/actions/" + told.body.at("action").at("id").dump();
  int last = -1;
  for (int seconds = 0; seconds < 200; ++seconds) {
    const auto action = cloud.get(path).body.at("action");
    const int progress = action["progress"];
    CHECK(progress >= last);
    last = progress;
    if (action["status"] != "running") {
      CHECK(progress == 100);
      return seconds;
    }
    CHECK(action["finished"].is_null());
    cloud.clock.advance(1s);
  }
  return -1;
}

}  // namespace

TEST_CASE("every action takes its time, and its progress only grows") {
  Cloud cloud;
  const auto act = [&](const std::string& path, const json& body = json::object()) {
    return seconds_of(cloud, cloud.post(path, body));
  };
  const auto home = cloud.post("/volumes", {{"name", "home"}, {"size", 10}, {"location", "fsn1"}});
  CHECK(seconds_of(cloud, home) == 1);
  const auto made = cloud.post("/servers", Cloud::order("box"));
  CHECK(seconds_of(cloud, made) == 8);
  cloud.clock.advance(10s);
  const auto id = made.body["server"]["id"];
  const auto server = "/servers/" + id.dump() + "/actions/";
  const auto volume = "/volumes/" + home.body["volume"]["id"].dump() + "/actions/";
  CHECK(act(volume + "attach", {{"server", id}}) == 2);
  CHECK(act(volume + "resize", {{"size", 20}}) == 1);
  CHECK(act(volume + "detach") == 2);
  CHECK(act(server + "create_image") == 60);
  CHECK(act(server + "shutdown") == 1);
  cloud.clock.advance(5s);
  const auto ip =
      "/primary_ips/" + cloud.get("/primary_ips").body["primary_ips"][0]["id"].dump() + "/actions/";
  CHECK(act(ip + "unassign") == 2);
  CHECK(act(ip + "assign", {{"assignee_id", id}, {"assignee_type", "server"}}) == 2);
  CHECK(act(server + "change_type", {{"server_type", "cpx42"}, {"upgrade_disk", false}}) == 30);
  CHECK(act(server + "poweron") == 3);
  CHECK(act(server + "poweron") == 0);
  CHECK(act(server + "reboot") == 3);
  CHECK(act(server + "poweroff") == 2);
  CHECK(act(server + "rebuild", {{"image", "debian-13"}}) == 8);
  CHECK(seconds_of(cloud, cloud.call("DELETE", "/servers/" + id.dump())) == 5);
}

TEST_CASE("the speed divides what takes time") {
  auto options = two_projects();
  options.speed = 8;
  Cloud cloud(options);
  CHECK(seconds_of(cloud, cloud.post("/servers", Cloud::order("box"))) == 1);
}

TEST_CASE("an address goes to a server that is off, in its place and has none, and is locked on its way") {
  Cloud cloud;
  const auto address = cloud.address("ip"), far = cloud.address("far", "nbg1");
  const auto server = cloud.server("box");
  const json to{{"assignee_id", cloud.get(server).body["server"]["id"]}, {"assignee_type", "server"}};
  const auto path = [](const json& ip) { return "/primary_ips/" + ip["id"].dump(); };
  CHECK(cloud.post(path(address) + "/actions/assign", to).code() == "server_not_stopped");
  cloud.post(server + "/actions/poweroff");
  CHECK(cloud.post(path(address) + "/actions/assign", to).code() == "locked");
  cloud.clock.advance(2s);
  CHECK(cloud.post(path(far) + "/actions/assign", to).code() == "primary_ip_datacenter_mismatch");
  CHECK(cloud.post(path(address) + "/actions/assign", to).code() == "server_has_ipv4");
  const auto own = cloud.get(server).body["server"]["public_net"]["ipv4"]["id"];
  const auto old = "/primary_ips/" + own.dump();
  CHECK(cloud.post(old + "/actions/unassign").status == 201);
  CHECK(cloud.call("DELETE", old).status != 204);
  CHECK(cloud.post(server + "/actions/poweron").status == 423);
  cloud.clock.advance(2s);
  CHECK(cloud.post(path(address) + "/actions/assign", {{"assignee_id", 7}}).field() == "assignee_id");
  CHECK(cloud.post(path(address) + "/actions/assign", to).status == 201);
  CHECK(cloud.post(path(address) + "/actions/unassign").status == 423);
  CHECK(cloud.call("DELETE", path(address)).status == 423);
  cloud.clock.advance(2s);
  CHECK(cloud.call("DELETE", path(address)).code() == "must_be_unassigned");
  CHECK(cloud.call("DELETE", old).status == 204);
}

TEST_CASE("two volumes are not attached at once") {
  Cloud cloud;
  const auto first = cloud.volume("one"), second = cloud.volume("two");
  const json to{{"server", cloud.get(cloud.server("box")).body["server"]["id"]}};
  const auto attach = [&](const json& volume) {
    return cloud.post("/volumes/" + volume["id"].dump() + "/actions/attach", to).status;
  };
  CHECK(attach(first) == 201);
  CHECK(attach(second) == 423);
  cloud.clock.advance(2s);
  CHECK(attach(second) == 201);
}

TEST_CASE("user data of a rebuild ends at 32 KiB, and a volume at ten terabytes") {
  Cloud cloud;
  const auto rebuild = cloud.server("box") + "/actions/rebuild";
  CHECK(cloud.post(rebuild, {{"image", "debian-13"}, {"user_data", std::string(32769, 'a')}}).field() ==
        "user_data");
  CHECK(cloud.post(rebuild, {{"image", "debian-13"}, {"user_data", std::string(32768, 'a')}}).status == 201);
  const auto resize = "/volumes/" + cloud.volume("home")["id"].dump() + "/actions/resize";
  CHECK(cloud.post(resize, {{"size", 10241}}).field() == "size");
  CHECK(cloud.post(resize, {{"size", 10240}}).status == 201);
}

TEST_CASE("a token that only reads changes nothing by any method") {
  Cloud cloud;
  const auto path = cloud.server("box");
  for (const auto& [method, where] :
       {std::pair("POST", path + "/actions/poweroff"), {"PUT", path}, {"DELETE", path}}) {
    const auto refused = cloud.call(method, where, json::object(), "reader");
    CHECK(refused.status == 403);
    CHECK(refused.code() == "forbidden");
  }
  CHECK(cloud.call("GET", path, nullptr, "reader").body["server"]["status"] == "running");
}
