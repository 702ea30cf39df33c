#include "hetzner/simulator/workspace.hpp"

#include "tests/catch.hpp"
#include "tests/simulator/bot_and_tailnet.hpp"
#include "tests/temp_dir.hpp"

using namespace simulator_test;

namespace {

/// A cloud whose seconds are milliseconds, with a bot and a tailnet beside it.
struct Workspace {
  explicit Workspace(const std::string& report = "ok", std::string state_file = "") {
    options.tokens = {"first"};
    options.speed = 1000;
    options.state_file = std::move(state_file);
    begin();
    if (report != "ok") call("PUT", "/_sim/servers/default/behaviour", {{"report", report}});
  }

  void begin() {
    simulator.emplace(io.get_executor(), clock, options);
    client.emplace(io.get_executor(),
                   net::parse_endpoint("http://127.0.0.1:" + std::to_string(simulator->port())));
  }

  json call(const std::string& method, const std::string& path, const json& body = json::object()) {
    net::HttpRequest request{method, path, {{"Authorization", "Bearer first"}}, body.dump()};
    const auto response = run(io, client->fetch(request, 10s));
    return json::parse(response.body, nullptr, false);
  }

  std::string user_data() {
    json config;
    const auto write = [&](const std::string& path, const std::string& content) {
      config["write_files"].push_back({{"path", path}, {"content", content}});
    };
    write("/etc/devbox/env", "DEVBOX_HOSTNAME='box'\nDEVBOX_LOGIN_SERVER='" + peer.url() +
                                 "'\nDEVBOX_PUBLIC_URL='" + peer.url() + "'\n");
    write("/etc/devbox/auth-key", "tskey-1\n");
    write("/etc/devbox/token", "secret\n");
    return "#cloud-config\n" + config.dump();
  }

  /// A server with a volume; returns its path.
  std::string up() {
    const auto volume =
        call("POST", "/v1/volumes", {{"name", "home"}, {"size", 10}, {"location", "fsn1"}})["volume"];
    until(
        [&] { return call("GET", "/v1/volumes/" + volume["id"].dump())["volume"]["status"] == "available"; });
    json body = {{"name", "box"}, {"server_type", "cpx32"}, {"image", "debian-12"}, {"location", "fsn1"}};
    body["volumes"] = {volume["id"]};
    body["user_data"] = user_data();
    return "/servers/" + call("POST", "/v1/servers", body)["server"]["id"].dump();
  }

  /// Pumps the loop until the condition holds; `run` gives up after half a minute.
  template <class Condition>
  void until(Condition condition) {
    for (int tries = 0; !condition(); ++tries) {
      if (tries > 5000) throw std::runtime_error("what the test waits for did not come");
      run(io, clock.sleep_for(2ms));
    }
  }
  void until_report(const std::function<bool(const json&)>& wanted) {
    until([&] { return !peer.reports().empty() && wanted(peer.reports().back()); });
  }
  void until_ready() {
    until_report([](const json& report) { return report.value("ready", false); });
  }

  boost::asio::io_context io{1};
  net::SystemClock clock;
  Options options;
  BotAndTailnet peer{io.get_executor()};
  std::optional<hetzner::simulator::Simulator> simulator;
  std::optional<net::Client> client;
};

bool is_done(const json& report, const std::string& id) {
  return report.contains("done") && report["done"]["id"] == id;
}

}  // namespace

TEST_CASE("a workspace joins with its key and reports its stages until it is ready") {
  Workspace world;
  world.up();
  world.until_ready();
  CHECK(world.peer.calls["/_sim/join"] == std::vector<json>{{{"key", "tskey-1"}, {"hostname", "box"}}});
  CHECK(world.peer.authorization == "Bearer secret");
  std::vector<std::string> stages;
  for (const auto& report : world.peer.reports()) stages.push_back(report["stage"]);
  CHECK(stages == std::vector<std::string>{"join", "volume", "serve", "editor", "ready"});
  CHECK(world.peer.reports().back()["detail"] == "https");
  const auto& report = world.peer.reports().back();
  CHECK(report["v"] == 1);
  CHECK(report["jobs"].empty());
  CHECK(report["boot_id"].get<std::string>().size() == 32);
}

TEST_CASE("user data that is not ours makes a plain server") {
  using hetzner::simulator::find_instructions;
  CHECK_FALSE(find_instructions("").has_value());
  CHECK_FALSE(find_instructions("#cloud-config\npackages: [git]\n").has_value());
  CHECK_FALSE(
      find_instructions("#cloud-config\n{\"write_files\":[{\"path\":\"/etc/motd\",\"content\":\"hi\"}]}"));
  Workspace world;
  CHECK(find_instructions(world.user_data())->token == "secret");
}

TEST_CASE("orders are carried out and told with the next report") {
  Workspace world;
  world.up();
  world.until_ready();
  world.peer.order("ask_work", "op/ask");
  world.until_report([](const json& report) { return is_done(report, "op/ask"); });
  world.peer.order("prepare_stop", "op/flush");
  world.until_report([](const json& report) { return is_done(report, "op/flush"); });
  CHECK(world.peer.reports().back()["done"]["ok"] == true);
  world.peer.order("grow", "op/grow");
  world.until_report([](const json& report) { return is_done(report, "op/grow"); });
}

TEST_CASE("a workspace can be busy, dirty, or unable to flush") {
  Workspace world;
  const auto path = "/_sim" + world.up() + "/behaviour";
  world.until_ready();
  world.call("PUT", path, {{"report", "busy"}, {"idle_s", 900}});
  world.until_report([](const json& report) { return report["jobs"] == json::array({"make"}); });
  CHECK(world.peer.reports().back()["logins"][0]["idle"] >= 900);
  world.call("PUT", path, {{"report", "dirty"}});
  world.until_report([](const json& report) { return !report["dirty"].empty(); });
  world.call("PUT", path, {{"report", "flush_fails"}});
  world.until_report([](const json& report) { return report["dirty"].empty(); });
  world.peer.order("prepare_stop", "op/flush");
  world.until_report([](const json& report) { return is_done(report, "op/flush"); });
  CHECK(world.peer.reports().back()["done"]["ok"] == false);
  CHECK(world.peer.reports().back()["done"]["error"] == "umount: /home: target is busy");
}

TEST_CASE("nobody may be logged in: an open tab, a build, a lease that is renewed") {
  Workspace world;
  const auto path = "/_sim" + world.up() + "/behaviour";
  world.until_ready();
  const auto last = [&] { return world.peer.reports().back(); };
  const auto behave = [&](const std::string& report, const std::string& sign) {
    world.call("PUT", path, {{"report", report}});
    world.until_report(
        [&](const json& now) { return now["logins"].empty() && !now.value(sign, json()).empty(); });
    CHECK_FALSE(last().contains("tmux_idle"));
  };
  behave("tab", "editor");
  CHECK(last()["editor"]["bytes"] == 900);
  CHECK(last()["editor"]["heartbeat_ms"] > 0);
  CHECK(last()["jobs"].empty());
  behave("build", "jobs");
  CHECK(last()["jobs"] == json::array({"make"}));
  CHECK(last()["cpu"] == 3.2);
  CHECK_FALSE(last().contains("editor"));
  behave("lease", "leases");
  CHECK(last()["leases"][0]["id"] == "sleep-4711");
  CHECK(last()["leases"][0]["until"] > 600);
  CHECK(last()["cpu"] == 0.01);
}

TEST_CASE("a volume stage can fail, with a reason") {
  Workspace world("failed");
  world.up();
  world.until_report([](const json& report) { return report["state"] == "failed"; });
  CHECK(world.peer.reports().back()["stage"] == "volume");
  CHECK(world.peer.reports().back()["ready"] == false);
  CHECK(!world.peer.reports().back()["log"].get<std::string>().empty());
}

TEST_CASE("a refused key silences the workspace for good") {
  Workspace world;
  world.peer.key = "another";
  world.up();
  world.until([&] { return !world.peer.calls["/_sim/join"].empty(); });
  run(world.io, world.clock.sleep_for(100ms));
  CHECK(world.peer.calls["/_sim/join"].size() == 1);
  CHECK(world.peer.reports().empty());
}

TEST_CASE("a workspace that is silent joins and does not report") {
  Workspace world("silent");
  const auto path = world.up();
  world.until([&] { return !world.peer.calls["/_sim/join"].empty(); });
  run(world.io, world.clock.sleep_for(100ms));
  CHECK(world.peer.reports().empty());
  world.call("PUT", "/_sim" + path + "/behaviour", {{"report", "ok"}});
  world.until_ready();
}

TEST_CASE("a workspace that cannot reach the bot tries again") {
  Workspace world;
  world.peer.refuse_reports = true;
  world.up();
  world.until([&] { return world.peer.reports().size() >= 2; });
  world.peer.refuse_reports = false;
  world.until_ready();
}

TEST_CASE("a machine that goes off is told away, and comes back with its identity and a new boot id") {
  Workspace world;
  const auto path = world.up();
  world.until_ready();
  const auto boot_id = world.peer.reports().back()["boot_id"];
  world.call("POST", "/v1" + path + "/actions/shutdown");
  world.until([&] { return !world.peer.calls["/_sim/offline"].empty(); });
  CHECK(world.peer.calls["/_sim/offline"][0] == json{{"id", "n1"}});
  CHECK(world.call("GET", "/v1" + path)["server"]["status"] == "off");
  world.call("POST", "/v1" + path + "/actions/poweron");
  world.until_report(
      [&](const json& report) { return report["ready"] == true && report["boot_id"] != boot_id; });
  CHECK(world.peer.calls["/_sim/join"].size() == 1);
  CHECK(world.peer.calls["/_sim/online"] == std::vector<json>{{{"id", "n1"}}});
  world.until([&] { return world.call("GET", "/v1" + path)["server"]["locked"] == false; });
  world.call("DELETE", "/v1" + path);
  world.until([&] { return world.peer.calls["/_sim/offline"].size() == 2; });
}

TEST_CASE("a restarted simulator goes on reporting, without joining again") {
  TempDir dir;
  Workspace world("ok", dir.file("cloud.json"));
  world.up();
  world.until_ready();
  const auto boot_id = world.peer.reports().back()["boot_id"];
  world.client.reset();
  world.simulator.reset();
  world.peer.calls.clear();
  world.begin();
  world.until_ready();
  CHECK(world.peer.calls["/_sim/join"].empty());
  CHECK(world.peer.reports().back()["boot_id"] == boot_id);
}
