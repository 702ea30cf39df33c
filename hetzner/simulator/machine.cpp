#include "hetzner/simulator/machine.hpp"

#include <algorithm>

#include "net/error.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr double volume_patience_s = 60;
constexpr auto join_timeout = seconds(10);

}  // namespace

VirtualMachine::VirtualMachine(std::shared_ptr<World> world, std::string project, Id server,
                               Instructions told)
    : world_(std::move(world)),
      project_(std::move(project)),
      server_(server),
      told_(std::move(told)),
      tailnet_(world_->executor, net::parse_endpoint(told_.login_server)),
      bot_(world_->executor, net::parse_endpoint(told_.public_url)) {}

Server* VirtualMachine::find() const {
  if (world_->closed) return nullptr;
  for (auto& project : world_->projects)
    if (project->token() == project_) return project->find_server(server_);
  return nullptr;
}

std::string VirtualMachine::behaviour() const {
  const auto* server = find();
  return server ? server->behaviour.report : "silent";
}

net::awaitable<void> VirtualMachine::pause(double seconds) {
  return world_->clock.sleep_for(world_->scaled(seconds));
}

/// Between tries at somebody who does not answer: not a busy loop at any speed.
net::awaitable<void> VirtualMachine::retry_pause(double seconds) {
  return world_->clock.sleep_for(std::max(world_->scaled(seconds), net::Duration(50)));
}

bool VirtualMachine::is_mute() const {
  const auto how = behaviour();
  return how == "no_join" || how == "silent" || how == "silent_build" || how == "hung";
}

void VirtualMachine::reach(const std::string& phase) {
  if (auto* server = find()) server->machine.phase = phase;
  world_->save();
}

net::awaitable<void> VirtualMachine::live(std::shared_ptr<VirtualMachine> self) {
  const auto phase = [&] { return self->find() ? self->find()->machine.phase : std::string("lost"); };
  if (phase() == "boot") co_await self->join();
  if (phase() == "lost" || self->is_mute()) co_return;
  if (phase() == "joined") co_await self->take_volume();
  co_await self->serve();
}

net::awaitable<void> VirtualMachine::join() {
  const auto* server = find();
  co_await pause(server->behaviour.join_s);
  if (behaviour() == "no_join") co_return;
  if (behaviour() == "join_fails") co_return reach("failed");
  const auto node = find() ? find()->machine.node : "";
  if (!find()) co_return;
  if (node.empty())
    co_await ask_to_join();
  else
    co_await say_online();
}

net::awaitable<void> VirtualMachine::ask_to_join() {
  const auto body = json{{"key", told_.auth_key}, {"hostname", told_.hostname}}.dump();
  for (;;) {
    const auto answer = co_await post(tailnet_, "/_sim/join", body, join_timeout);
    auto* server = find();
    if (!server) co_return;
    if (answer && answer->status == 200) {
      const auto node = json::parse(answer->body, nullptr, false);
      const auto id = node.is_object() ? node.value("id", json()) : json();
      server->machine.node = id.is_string() ? id.get<std::string>() : id.dump();
      co_return reach("joined");
    }
    if (answer && answer->status >= 400 && answer->status < 500) co_return reach("lost");
    co_await retry_pause(2);
  }
}

net::awaitable<void> VirtualMachine::say_online() {
  const auto body = json{{"id", find()->machine.node}}.dump();
  for (;;) {
    const auto answer = co_await post(tailnet_, "/_sim/online", body, join_timeout);
    if (answer && answer->status < 500) co_return reach("joined");
    co_await retry_pause(2);
  }
}

/// Needs an attached volume, as the real agent waits for its device.
net::awaitable<void> VirtualMachine::take_volume() {
  co_await report("join", "ok", 0);
  const auto until = world_->now() + std::max(world_->scaled(volume_patience_s), net::Duration(1000));
  const auto has_volume = [&] {
    for (const auto& project : world_->projects)
      if (project->token() == project_ && !project->volumes_of(server_).empty()) return true;
    return false;
  };
  while (!has_volume() && world_->now() < until) co_await retry_pause(1);
  if (!has_volume() || behaviour() == "failed") co_return reach("failed");
  co_await report("volume", "ok", 0);
  const auto* server = find();
  if (!server) co_return;
  co_await pause(server->behaviour.ready_s);
  co_await report("serve", "ok", 0);
  co_await report("editor", "ok", 0);
  reach("ready");
}

net::awaitable<void> VirtualMachine::serve() {
  for (;;) {
    const auto* server = find();
    if (!server) co_return;
    const bool failed = server->machine.phase == "failed";
    const std::string fails = behaviour() == "join_fails" ? "join" : "volume";
    const std::string stage = failed ? fails : "ready", state = failed ? "failed" : "ok";
    const auto sent = world_->now();
    const auto order = co_await report(stage, state, 50);
    co_await carry_out(order);
    // Who does not hold a report must not be flooded with them.
    const bool held = world_->now() - sent >= seconds(1);
    if (!held && order.value("do", "nothing") == "nothing") co_await retry_pause(1);
  }
}

net::awaitable<void> VirtualMachine::carry_out(json order) {
  const auto verb = order.value("do", "nothing"), id = order.value("id", "");
  if (id.empty() || (verb != "ask_work" && verb != "prepare_stop" && verb != "grow")) co_return;
  if (verb == "prepare_stop" && behaviour() == "flush_hangs") {
    co_await retry_pause(2);
    co_return;
  }
  if (verb == "prepare_stop") co_await pause(2);
  auto* server = find();
  if (!server) co_return;
  server->machine.done = id;
  if (verb == "prepare_stop" && behaviour() == "flush_fails")
    server->machine.done_error = "umount: /home: target is busy";
  world_->save();
}

}  // namespace hetzner::simulator
