#include <fstream>
#include <iterator>

#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"
#include "tests/temp_dir.hpp"

using namespace simulator_test;

namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Clouds with a hook that writes down what it is told.
struct Hooked {
  explicit Hooked(const std::string& script) { cloud.emplace(with(script)); }
  Options with(const std::string& script) {
    auto options = two_projects();
    std::ofstream(dir.file("hook")) << script;
    options.hook = "LOG=" + dir.file("log") + " /bin/sh " + dir.file("hook");
    return options;
  }
  /// Until the action has ended, however long the command takes.
  json ended(const json& action) {
    for (int tries = 0; tries < 2000; ++tries) {
      const auto now = cloud->get("/actions/" + action["id"].dump()).body["action"];
      if (now["status"] != "running") return now;
      run(cloud->io, real.sleep_for(5ms));
    }
    throw std::runtime_error("the action did not end");
  }
  TempDir dir;
  net::SystemClock real;
  std::optional<Cloud> cloud;
};

}  // namespace

TEST_CASE("the hook is run for every event, one after the other, and ends the action") {
  Hooked world(
      "echo $SIM_EVENT $SIM_NAME $SIM_IPV4 $(stat -c %a $SIM_USER_DATA) $(cat $SIM_USER_DATA) >>$LOG\n"
      "grep -q ssh-ed25519 $SIM_SSH_KEYS || exit 1\n");
  auto body = Cloud::order("box");
  body["ssh_keys"] = {"demo"};
  body["user_data"] = "hello";
  const auto made = world.cloud->post("/servers", body);
  CHECK(world.ended(made.body["action"])["status"] == "success");
  CHECK(world.ended(made.body["next_actions"][0])["status"] == "success");
  const auto path = "/servers/" + made.body["server"]["id"].dump();
  CHECK(world.cloud->status(path) == "running");
  world.ended(world.cloud->post(path + "/actions/shutdown").body["action"]);
  CHECK(world.cloud->status(path) == "running");
  world.cloud->call("PUT", "/_sim" + path + "/power", {{"status", "off"}});
  CHECK(world.cloud->status(path) == "off");
  world.ended(world.cloud->call("DELETE", path).body["action"]);
  const std::string rest = " box 203.0.113.1 600 hello\n";
  CHECK(text_of(world.dir.file("log")) ==
        "create" + rest + "poweron" + rest + "shutdown" + rest + "delete" + rest);
}

TEST_CASE("a hook that fails fails its action and what waits for it") {
  Hooked world("exit 3\n");
  const auto made = world.cloud->post("/servers", Cloud::order("box"));
  const auto action = world.ended(made.body["action"]);
  CHECK(action["status"] == "error");
  CHECK(action["error"]["code"] == "action_failed");
  CHECK(world.ended(made.body["next_actions"][0])["status"] == "error");
}

TEST_CASE("the hook is told of a rebuild with its image, and of another type as a resize without a volume") {
  Hooked world("echo $SIM_EVENT $SIM_TYPE $SIM_IMAGE $SIM_VOLUMES. >>$LOG\n");
  auto body = Cloud::order("box");
  body["start_after_create"] = false;
  const auto made = world.cloud->post("/servers", body);
  world.ended(made.body["action"]);
  const auto path = "/servers/" + made.body["server"]["id"].dump();
  const json larger{{"server_type", "cpx42"}, {"upgrade_disk", true}};
  world.ended(world.cloud->post(path + "/actions/change_type", larger).body["action"]);
  CHECK(world.cloud->get(path).body["server"]["server_type"]["name"] == "cpx42");
  const auto rebuilt = world.cloud->post(path + "/actions/rebuild", {{"image", "debian-13"}});
  CHECK(world.cloud->status(path) == "rebuilding");
  CHECK(world.ended(rebuilt.body["action"])["status"] == "success");
  CHECK(world.cloud->status(path) == "running");
  CHECK(text_of(world.dir.file("log")) ==
        "create cpx32 debian-12 .\nresize cpx42 debian-12 .\nrebuild cpx42 debian-13 .\n");
}

TEST_CASE("the hook is told that the next boot is the rescue system's, and of no other") {
  Hooked world("[ $SIM_EVENT != reset ] || echo $SIM_EVENT $SIM_RESCUE. >>$LOG\n");
  const auto made = world.cloud->post("/servers", Cloud::order("box"));
  world.ended(made.body["next_actions"][0]);
  const auto path = "/servers/" + made.body["server"]["id"].dump() + "/actions/";
  for (const auto* action : {"reset", "enable_rescue", "reset", "reset"}) {
    const auto begun = world.cloud->post(path + action);
    world.cloud->clock.advance(1s);  // what has no hook takes the cloud's own time
    CHECK(world.ended(begun.body["action"])["status"] == "success");
  }
  CHECK(text_of(world.dir.file("log")) == "reset .\nreset linux64.\nreset .\n");
}

TEST_CASE("volumes are told with their size") {
  Hooked world("[ $SIM_EVENT != attach ] || echo $SIM_VOLUMES >>$LOG\n");
  const auto volume = world.cloud->volume("home");
  auto body = Cloud::order("box");
  body["volumes"] = {volume["id"]};
  const auto made = world.cloud->post("/servers", body);
  world.ended(made.body["next_actions"][1]);
  CHECK(text_of(world.dir.file("log")) == volume["id"].dump() + ":10\n");
}
