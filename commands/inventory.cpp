#include "commands/inventory.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace commands {

net::awaitable<Inventory> take_inventory(Services& world) {
  const hetzner::Labels any;
  Inventory inventory;
  inventory.servers = co_await world.cloud.servers(any);
  inventory.volumes = co_await world.cloud.volumes(any);
  inventory.ips = co_await world.cloud.primary_ips(any);
  try {
    inventory.devices = co_await world.tailnet.devices();
  } catch (const tailnet::Error& error) {
    spdlog::warn("the tailnet's devices could not be read: {}", error.what());
  }
  co_return inventory;
}

const storage::SessionRow* Known::session_of(std::int64_t workspace) const {
  const auto found = std::find_if(sessions.begin(), sessions.end(),
                                  [&](const auto& one) { return one.workspace == workspace; });
  return found == sessions.end() ? nullptr : &*found;
}

Known known_now(Services& world) {
  Known known;
  known.bot = world.settings.name;
  known.workspaces = world.storage.workspaces.all();
  known.sessions = world.storage.sessions.running();
  for (const auto& operation : world.storage.journal.unfinished()) {
    if (operation.workspace != 0) known.busy.insert(operation.workspace);
    known.unfinished.insert(operation.id);
  }
  return known;
}

bool is_ours(const hetzner::Labels& labels, const Known& known) {
  const auto label = labels.find("devbox-bot");
  return label != labels.end() && label->second == known.bot;
}

hetzner::Labels workspace_labels(const std::string& bot, const std::string& hostname) {
  return {{"devbox-bot", bot}, {"devbox-workspace", hostname}};
}

}  // namespace commands
