#include <algorithm>

#include "hetzner/simulator/project.hpp"

/// The half of a project that moves with the clock.
namespace hetzner::simulator {
namespace {

/// Who asks for an action by its id must find it for a while, however many others there are.
constexpr std::size_t kept_actions = 300;
constexpr auto kept_for = std::chrono::minutes(5);

}  // namespace

Action& Project::start(const std::string& command, std::vector<Resource> resources, double seconds, Id after,
                       std::int64_t amount, const std::string& new_type) {
  forget_old_actions();
  const auto now = world_.now();
  Action action;
  action.id = world_.next_action_id();
  action.command = command;
  action.resources = std::move(resources);
  action.length = world_.scaled(seconds);
  action.amount = amount;
  action.new_type = new_type;
  action.after = after;
  action.started = world_.billing_time(now);
  auto& kept = held.actions[action.id] = std::move(action);
  running_.insert(kept.id);
  if (!after) begin(kept, now);
  world_.changed.notify();
  return kept;
}

void Project::begin(Action& action, net::Time at) {
  action.begun = at;
  if (auto* server = find_server(action.find("server"))) {
    if (action.command == "start_server" && server->status == "off") server->status = "starting";
    if (action.command == "stop_server" && server->status == "running") server->status = "stopping";
    if (action.command == "change_server_type") server->status = "migrating";
    if (action.command == "rebuild_server") {
      power_off(*server);
      server->status = "rebuilding";
    }
  }
  if (world_.on_begun) world_.on_begun(*this, action);
}

void Project::abandon(const Server& server) {
  const auto running = running_;
  for (const auto id : running) {
    auto& action = held.actions.at(id);
    if (!action.concerns(server.id, "server")) continue;
    running_.erase(id);
    action.status = "error";
    action.error_code = "action_failed";
    action.error_message = "the server was deleted";
    action.finished = world_.billing_time();
  }
  for (auto& [id, volume] : held.volumes)
    if (volume.pledged == server.id) volume.pledged = 0;
}

void Project::hook_ended(Id id, bool well) {
  const auto found = held.actions.find(id);
  if (found == held.actions.end() || !found->second.is_running()) return;
  auto& action = found->second;
  if (!well) {
    action.error_code = "action_failed";
    action.error_message = "Action failed";
  }
  end(action, world_.now());
  settle(world_.now());
  world_.save();
}

void Project::end(Action& action, net::Time at) {
  running_.erase(action.id);
  action.status = action.error_code.empty() ? "success" : "error";
  action.finished = world_.billing_time(at);
  if (action.error_code.empty())
    take_effect(action, at);
  else
    give_back(action);
  if (action.command == "attach_volume" && held.volumes.contains(action.find("volume")))
    held.volumes[action.find("volume")].pledged = 0;
  const auto running = running_;
  for (const auto id : running) {
    auto& next = held.actions.at(id);
    if (next.after != action.id) continue;
    next.error_code = action.error_code;
    next.error_message = action.error_message;
    if (action.error_code.empty())
      begin(next, at);
    else
      end(next, at);
  }
}

void Project::take_effect(const Action& action, net::Time at) {
  const auto& command = action.command;
  auto* server = find_server(action.find("server"));
  if (command == "delete_server") return remove_server(action.find("server"));
  if (const auto volume = held.volumes.find(action.find("volume")); volume != held.volumes.end()) {
    if (command == "create_volume") volume->second.status = "available";
    if (command == "attach_volume") volume->second.server = action.find("server");
    if (command == "detach_volume") volume->second.server = 0;
    if (command == "resize_volume") volume->second.size = action.amount;
  }
  if (const auto ip = held.primary_ips.find(action.find("primary_ip"));
      ip != held.primary_ips.end() && server) {
    auto& slot = ip->second.type == "ipv4" ? server->ipv4 : server->ipv6;
    slot = command == "assign_primary_ip" ? ip->first : 0;
    ip->second.server = command == "assign_primary_ip" ? server->id : 0;
  }
  if (command == "create_image") finish_image(action.find("image"));
  take_settings(action, server);
  if (!server) return;
  if (command == "rebuild_server") rebuild(*server, action, at);
  if (command == "change_server_type") change_type(*server, action);
  if (command == "enable_rescue" || command == "disable_rescue") server->rescue = command == "enable_rescue";
  if (command == "create_server") server->status = "off";
  if (command == "start_server" && server->status == "starting") power_on(*server, at);
  if ((command == "reboot_server" || command == "reset_server") && server->status == "running")
    power_on(*server, at);
  if (command == "stop_server") power_off(*server);
  if (command == "shutdown_server" && !action.hooked && server->status == "running" &&
      server->behaviour.report != "no_shutdown" && server->behaviour.report != "hung")
    server->off_at = at + world_.scaled(5);
}

void Project::remove_server(Id id) {
  for (auto* volume : volumes_of(id)) volume->server = 0;
  for (auto ip = held.primary_ips.begin(); ip != held.primary_ips.end();) {
    if (ip->second.server == id && ip->second.auto_delete) {
      end_charge(ip->first, "primary_ip");
      ip = held.primary_ips.erase(ip);
      continue;
    }
    if (ip->second.server == id) ip->second.server = 0;
    ++ip;
  }
  remove_backups(id);
  held.servers.erase(id);
}

bool Project::settle(net::Time now) {
  for (bool happened = false;; happened = true) {
    Action* first = nullptr;
    for (const auto id : running_) {
      auto& action = held.actions.at(id);
      if (action.ends() <= now && (!first || action.ends() < first->ends())) first = &action;
    }
    Server* off = nullptr;
    for (auto& [id, server] : held.servers)
      if (server.off_at <= now && (!off || server.off_at < off->off_at)) off = &server;
    if (!first && !off) return happened;
    if (off && (!first || off->off_at < first->ends()))
      power_off(*off);
    else
      end(*first, first->ends());
  }
}

net::Time Project::next_event() const {
  auto next = never;
  for (const auto id : running_) next = std::min(next, held.actions.at(id).ends());
  for (const auto& [id, server] : held.servers) next = std::min(next, server.off_at);
  return next;
}

void Project::forget_old_actions() {
  const auto old = world_.billing_time() - kept_for;
  while (held.actions.size() > kept_actions) {
    const auto& action = held.actions.begin()->second;
    if (action.is_running() || action.finished > old) return;
    held.actions.erase(held.actions.begin());
  }
}

}  // namespace hetzner::simulator
