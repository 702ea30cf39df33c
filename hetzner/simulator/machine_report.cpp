#include <algorithm>

#include "hetzner/simulator/machine.hpp"
#include "hetzner/simulator/workload.hpp"
#include "net/error.hpp"

/// What a virtual workspace says, and how it is sent (DESIGN, Report).
namespace hetzner::simulator {
namespace {

using nlohmann::json;
using std::chrono::seconds;

/// What `devboxctl run` takes, and renews while its command runs.
constexpr auto lease_length = seconds(600);

std::int64_t seconds_between(net::Time from, net::Time to) {
  return std::max<std::int64_t>(0, std::chrono::floor<seconds>(to - from).count());
}

}  // namespace

json VirtualMachine::signals(const Server& server) const {
  const auto now = world_->now();
  const auto load = workload(server.behaviour, now);
  json report = {{"v", 1},
                 {"boot_id", server.machine.boot_id},
                 {"uptime", seconds_between(server.machine.booted, now)},
                 {"logins", json::array()},
                 {"cpu", load.cores},
                 {"io", load.io},
                 {"jobs", json::array()},
                 {"leases", json::array()},
                 {"disk", 12},
                 {"memory", 23},
                 {"dirty", json::array()}};
  if (load.typed_s) report["tmux_idle"] = *load.typed_s;
  if (load.typed_s) report["logins"].push_back({{"tty", "pts/0"}, {"idle", *load.typed_s}});
  const auto second = std::chrono::floor<seconds>(now).time_since_epoch();
  if (load.beat_s)
    report["editor"] = {{"heartbeat_ms", now.time_since_epoch().count() - *load.beat_s * 1000},
                        {"bytes", load.editor_bytes}};
  if (load.makes) report["jobs"].push_back("make");
  if (load.leased)
    report["leases"].push_back({{"id", "sleep-4711"}, {"until", (second + lease_length).count()}});
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
    const bool joins = stage == "join";
    report["detail"] = joins ? "invalid key" : "the volume could not be mounted";
    report["log"] = joins ? "backend error: invalid key: API key does not exist"
                          : "mount: /home: can't read superblock on /dev/sdb.";
  } else if (stage == "serve" || stage == "ready") {
    report["detail"] = server->behaviour.report == "http" ? "http" : "https";
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
