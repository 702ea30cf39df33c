#include "hetzner/simulator/hook.hpp"

#include <spdlog/spdlog.h>

#include "hetzner/simulator/command.hpp"
#include "net/spawn.hpp"

namespace hetzner::simulator {
namespace {

/// "" for an action that no machine feels.
std::string event_of(const std::string& command) {
  static const std::map<std::string, std::string> events{
      {"create_server", "create"},     {"start_server", "poweron"},   {"stop_server", "poweroff"},
      {"shutdown_server", "shutdown"}, {"reboot_server", "reset"},    {"reset_server", "reset"},
      {"delete_server", "delete"},     {"attach_volume", "attach"},   {"detach_volume", "detach"},
      {"resize_volume", "resize"},     {"rebuild_server", "rebuild"}, {"change_server_type", "resize"}};
  const auto found = events.find(command);
  return found == events.end() ? "" : found->second;
}

std::string volumes_text(Project& project, const Action& action, const Server& server) {
  std::string text;
  const auto concerned = action.find("volume");
  if (action.command == "change_server_type") return text;
  for (const auto& [id, volume] : project.held.volumes) {
    const bool ours = volume.server == server.id || volume.pledged == server.id;
    if (concerned ? id != concerned : !ours) continue;
    const auto size = action.amount && concerned ? action.amount : volume.size;
    text += (text.empty() ? "" : " ") + std::to_string(id) + ":" + std::to_string(size);
  }
  return text;
}

}  // namespace

Hook::Job Hook::job_for(Project& project, const Action& action, const std::string& event) {
  Job job;
  job.project = project.token();
  job.action = action.id;
  const auto volume = project.held.volumes.find(action.find("volume"));
  const auto id = action.find("server")                  ? action.find("server")
                  : volume != project.held.volumes.end() ? volume->second.server
                                                         : 0;
  const auto* found = project.find_server(id);
  const auto server = found ? *found : Server{};
  const auto ip = project.held.primary_ips.find(server.ipv4);
  // What it will have when the command has ended.
  const auto* image =
      project.find_image(action.command == "rebuild_server" ? action.find("image") : server.image);
  const auto type = action.new_type.empty() ? server.type : action.new_type;
  const auto& held = project.held;
  job.user_data = server.user_data;
  for (const auto key : server.ssh_keys)
    if (const auto known = held.ssh_keys.find(key); known != held.ssh_keys.end())
      job.ssh_keys += known->second.public_key + "\n";
  const auto image_name = !image ? "" : image->name.empty() ? image->description : image->name;
  const auto address = ip == held.primary_ips.end() ? "" : ip->second.ip;
  job.environment = {"SIM_EVENT=" + event,
                     "SIM_ID=" + (id ? std::to_string(id) : ""),
                     "SIM_NAME=" + server.name,
                     "SIM_TYPE=" + type,
                     "SIM_IMAGE=" + image_name,
                     "SIM_IPV4=" + address,
                     std::string("SIM_RESCUE=") + (server.rescue ? "linux64" : ""),
                     "SIM_VOLUMES=" + volumes_text(project, action, server)};
  return job;
}

bool Hook::begin(Project& project, Action& action) {
  const auto event = event_of(action.command);
  if (event.empty()) return false;
  auto job = job_for(project, action, event);
  auto& queue = (*jobs_)[action.find("server")];
  queue.push_back(std::move(job));
  if (queue.size() == 1) net::spawn(world_->executor, "hook", run(world_, jobs_, action.find("server")));
  return true;
}

net::awaitable<void> Hook::run(std::shared_ptr<World> world, std::shared_ptr<Jobs> jobs, Id server) {
  while (!(*jobs)[server].empty()) {
    const auto job = (*jobs)[server].front();
    const PrivateFile user_data(job.user_data), ssh_keys(job.ssh_keys);
    auto environment = job.environment;
    environment.push_back("SIM_USER_DATA=" + user_data.path());
    environment.push_back("SIM_SSH_KEYS=" + ssh_keys.path());
    bool well = false;
    try {
      well = co_await run_command(world->options.hook, environment);
    } catch (const std::system_error& error) {
      spdlog::error("{}", error.what());
    }
    for (auto& project : world->projects)
      if (project->token() == job.project && !world->closed) project->hook_ended(job.action, well);
    // Only now, for as long as it stands there the next one queues behind it.
    auto& queue = (*jobs)[server];
    queue.erase(queue.begin());
  }
  jobs->erase(server);
}

}  // namespace hetzner::simulator
