#pragma once
#include <optional>
#include <string>
#include <vector>

#include "commands/services.hpp"

namespace commands {

/// Everything in the Hetzner project that could be ours, and our devices in the tailnet, as seen at one time.
struct Inventory {
  std::vector<hetzner::Server> servers;
  std::vector<hetzner::Volume> volumes;
  std::vector<hetzner::PrimaryIp> ips;
  std::optional<std::vector<tailnet::Device>> devices;  ///< nullopt = the tailnet did not answer
};

/// Three lists of the project, without a label selector, so that edited labels are seen, and one of the
/// tailnet.
net::awaitable<Inventory> take_inventory(Services& world);

/// What the database holds true, but for workspaces where an operation is at work.
struct Known {
  std::string bot;  ///< label devbox-bot
  std::vector<storage::WorkspaceRow> workspaces;
  std::vector<storage::SessionRow> sessions;  ///< running ones
  std::set<std::int64_t> busy;                ///< workspaces
  std::set<std::string> unfinished;           ///< operations
  [[nodiscard]] const storage::SessionRow* session_of(std::int64_t workspace) const;
};
Known known_now(Services& world);

/// Whether the labels say that this installation made it.
bool is_ours(const hetzner::Labels& labels, const Known& known);
/// The labels on a workspace's things, but for the operation that made them.
hetzner::Labels workspace_labels(const std::string& bot, const std::string& hostname);

}  // namespace commands
