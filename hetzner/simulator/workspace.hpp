#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/task.hpp"
#include "hetzner/simulator/world.hpp"

namespace hetzner::simulator {

/// What a workspace is told in its user-data: /etc/devbox/env, auth-key and token.
struct Instructions {
  std::string hostname, login_server, auth_key, public_url, token;
};

/// From `#cloud-config` and JSON with those files among write_files; nullopt for any other user-data, which
/// makes a plain server that never reports.
std::optional<Instructions> find_instructions(const std::string& user_data);

/// The machines behind running servers, where no hook runs real ones: each joins its login server (POST
/// /_sim/join) and sends the reports of DESIGN, following its Behaviour. One task a machine; what it has
/// reached is kept in Server::machine, so that a new task goes on from there.
class Workspaces {
 public:
  explicit Workspaces(std::shared_ptr<World> world) : world_(std::move(world)) {}
  void start(const Project& project, const Server& server);
  /// Ends the task and tells the login server that the node is away.
  void stop(const Server& server);
  /// A changed behaviour is reported at once, not after the request that hangs.
  void behave(const Project& project, const Server& server);

 private:
  std::shared_ptr<World> world_;
  std::map<Id, Task> tasks_;
};

}  // namespace hetzner::simulator
