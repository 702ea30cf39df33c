#include <algorithm>

#include "hetzner/simulator/machine.hpp"
#include "net/error.hpp"

/// What a virtual workspace says, and how it is sent (DESIGN, Report).
namespace hetzner::simulator {
namespace {

using nlohmann::json;
using std::chrono::seconds;

std::int64_t seconds_between(net::Time from, net::Time to) {
  return std::max<std::int64_t>(0, std::chrono::floor<seconds>(to - from).count());
}

}  // namespace

/// A person at work, or one who left `idle_s` ago.
json VirtualMachine::signals(const Server& server) const {
  const auto now = world_->now();
  const auto idle = static_cast<std::int64_t>(server.behaviour.idle_s);
  const bool busy = server.behaviour.report == "busy";
  const bool active = idle < 60;
  json report = {{"v", 1},
                 {"boot_id", server.machine.boot_id},
                 {"uptime", seconds_between(server.machine.booted, now)},
                 {"tmux_idle", idle},
                 {"cpu", busy     ? 3.2
                         : active ? 0.15
                                  : 0.01},
                 {"io", busy     ? 4'000'000
                        : active ? 20'000
                                 : 0},
                 {"jobs", json::array()},
                 {"leases", json::array()},
                 {"disk", 12},
                 {"memory", 23},
                 {"dirty", json::array()}};
  report["logins"] = json::array();
  report["logins"].push_back({{"tty", "pts/0"}, {"idle", idle}});
  report["editor"] = {{"heartbeat_ms", now.time_since_epoch().count() - idle * 1000},
                      {"bytes", active ? 5000 : 0}};
  if (busy) report["jobs"].push_back("make");
  if (server.behaviour.report == "dirty") report["dirty"].push_back("app");
  return report;
}

json VirtualMachine::composed(const std::string& stage, const std::string& state) const {
  const auto* server = find();
  if (!server) return json::object();
  auto report = signals(*server);
  report["stage"] = stage;
  report["state"] = state;
  report["ready"] = stage == "ready";
  if (state == "failed") {
    report["detail"] = "the volume could not be mounted";
    report["log"] = "mount: /home: can't read superblock on /dev/sdb.";
  }
  const auto& machine = server->machine;
  if (!machine.done.empty()) {
    report["done"] = {{"id", machine.done}, {"ok", machine.done_error.empty()}};
    if (!machine.done_error.empty()) report["done"]["error"] = machine.done_error;
  }
  return report;
}

/// The answer to a report that carried `done` settles it.
void VirtualMachine::told(const json& sent) {
  auto* server = find();
  if (!server || !sent.contains("done") || sent["done"]["id"] != server->machine.done) return;
  server->machine.done.clear();
  server->machine.done_error.clear();
  world_->save();
}

net::awaitable<json> VirtualMachine::report(std::string stage, std::string state, int wait_s) {
  const auto target = "/v1/report?wait=" + std::to_string(wait_s);
  const auto timeout = seconds(wait_s + 20);
  while (find()) {
    const auto sent = composed(stage, state);
    // What waits to be told is told at once; its answer is the next order.
    const auto answer = co_await post(bot_, target, sent.dump(), timeout);
    if (answer && answer->status == 200) {
      told(sent);
      auto order = json::parse(answer->body, nullptr, false);
      if (!order.is_object()) order = json::object();
      co_return order;
    }
    const double again_s = answer && answer->status == 401 ? 10 : 2;
    co_await retry_pause(again_s);
  }
  co_return json::object();
}

net::awaitable<std::optional<net::HttpResponse>> VirtualMachine::post(net::Client& client, std::string target,
                                                                      std::string body,
                                                                      net::Duration timeout) {
  net::HttpRequest request{
      "POST", std::move(target), {{"Content-Type", "application/json"}}, std::move(body)};
  if (&client == &bot_) request.headers.emplace_back("Authorization", "Bearer " + told_.token);
  std::optional<net::HttpResponse> answer;
  try {
    auto response = co_await client.fetch(request, timeout);
    answer = std::move(response);
  } catch (const net::Error&) {
  }
  co_return answer;
}

}  // namespace hetzner::simulator
