#pragma once
#include <optional>
#include <string>

#include "commands/operation.hpp"

/// What would be cut off when a workspace's server goes.
namespace commands {

/// The server that goes, decided once; id 0 = none runs.
struct Leaving {
  hetzner::ServerId server;
  std::string up;     ///< the operation that made it
  bool runs = false;  ///< neither off nor deleted by hand: there is somebody to ask
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Leaving, server, up, runs)
};

net::awaitable<Leaving> find_leaving(const Operation& op, Services& world);

/// Lists as they are shown, cut; "" = none.
struct Work {
  std::string jobs;   ///< that run
  std::string dirty;  ///< git trees with what is uncommitted or unpushed
};

/// As the workspace says now; nullopt when nobody answers: what was silent for minutes is not asked.
net::awaitable<std::optional<Work>> ask_work(const Operation& op, Services& world, const Leaving& leaving);
/// As it said last, however long ago; of one that is down.
Work last_work(Services& world, std::int64_t workspace);

/// "running: make; uncommitted or unpushed: ~/src"; "" when there is nothing.
std::string text_of(const Work& work);

}  // namespace commands
