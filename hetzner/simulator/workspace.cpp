#include "hetzner/simulator/workspace.hpp"

#include <spdlog/spdlog.h>

#include "hetzner/simulator/machine.hpp"
#include "net/client.hpp"
#include "net/error.hpp"
#include "net/spawn.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

/// As a control server finds out by itself that a node went away; nobody waits for it.
net::awaitable<void> say_offline(net::Executor executor, std::string login_server, std::string node) {
  net::HttpRequest request;
  request.method = "POST";
  request.target = "/_sim/offline";
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json{{"id", node}}.dump();
  try {
    net::Client client(executor, net::parse_endpoint(login_server));
    const auto timeout = std::chrono::seconds(5);
    co_await client.fetch(request, timeout);
  } catch (const net::Error& error) {
    spdlog::debug("node {} could not be said to be away: {}", node, error.what());
  }
}

}  // namespace

void Workspaces::start(const Project& project, const Server& server) {
  const auto told = find_instructions(server.user_data);
  if (!told || server.machine.phase == "lost") return;
  try {
    auto machine = std::make_shared<VirtualMachine>(world_, project.token(), server.id, *told);
    tasks_[server.id] =
        Task(world_->executor, "virtual workspace " + told->hostname, VirtualMachine::live(machine));
  } catch (const net::Error& error) {
    spdlog::warn("server {} stays silent: {}", server.id, error.what());
  }
}

void Workspaces::stop(const Server& server) {
  tasks_.erase(server.id);
  const auto told = find_instructions(server.user_data);
  if (!told || server.machine.node.empty()) return;
  net::spawn(world_->executor, "node away",
             say_offline(world_->executor, told->login_server, server.machine.node));
}

void Workspaces::behave(const Project& project, const Server& server) {
  // One that is joining sees it by itself, and cannot be cut: its key may be used already.
  const bool joining = server.machine.phase == "boot" && !tasks_[server.id].has_ended();
  if (server.status == "running" && !joining) start(project, server);
}

}  // namespace hetzner::simulator
