#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/world.hpp"
#include "net/awaitable.hpp"

namespace hetzner::simulator {

/// Runs the --hook command for each action that a machine feels, and ends the action with it. The event is
/// that of the action: create_server → create, start_server → poweron, stop_server → poweroff,
/// shutdown_server → shutdown, reboot_server and reset_server → reset, delete_server → delete,
/// attach_volume, detach_volume, resize_volume → attach, detach, resize; rebuild_server → rebuild, of a
/// machine whose power is cut; change_server_type → resize, with no volume and the new SIM_TYPE. One server's
/// commands run one after the other. SIM_VOLUMES is "ID:GB …": of the volume concerned, else of all of the
/// server.
class Hook {
 public:
  explicit Hook(std::shared_ptr<World> world) : world_(std::move(world)) {}
  /// True when the action waits for the command.
  bool begin(Project& project, Action& action);

 private:
  struct Job {
    std::string project;
    Id action = 0;
    std::vector<std::string> environment;
    std::string user_data, ssh_keys;
  };
  using Jobs = std::map<Id, std::vector<Job>>;  ///< by server; the first is running
  static Job job_for(Project& project, const Action& action, const std::string& event);
  static net::awaitable<void> run(std::shared_ptr<World> world, std::shared_ptr<Jobs> jobs, Id server);

  std::shared_ptr<World> world_;
  std::shared_ptr<Jobs> jobs_ = std::make_shared<Jobs>();
};

}  // namespace hetzner::simulator
