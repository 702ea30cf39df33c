#include "commands/gone.hpp"

#include "commands/deletion.hpp"

namespace commands {
namespace {

std::string bound(const storage::WorkspaceRow& workspace, std::int64_t other) {
  return other == 0 ? "" : workspace.location;
}

}  // namespace

void forget_volume(Services& world, const storage::WorkspaceRow& workspace) {
  world.storage.database.write(storage::Commit::full, [&] {
    world.storage.workspaces.set_volume(workspace.id, bound(workspace, workspace.ip_id), 0,
                                        workspace.volume_gb);
    world.storage.holdings.end("volume", workspace.volume_id, world.clock.now());
  });
}

void forget_address(Services& world, const storage::WorkspaceRow& workspace) {
  world.storage.database.write(storage::Commit::full, [&] {
    world.storage.workspaces.set_ip(workspace.id, bound(workspace, workspace.volume_id), 0, "");
    world.storage.holdings.end("ipv4", workspace.ip_id, world.clock.now());
  });
}

std::string volume_is_gone(const storage::WorkspaceRow& workspace) {
  return workspace.hostname + "'s volume was deleted outside of this bot, with /home on it" +
         (workspace.state == "trashed" ? ", while it was in the trash."
                                       : ". The next `up` makes a new, empty one.");
}

std::string address_is_gone(const storage::WorkspaceRow& workspace) {
  return workspace.hostname + "'s address " + workspace.ipv4 + " was deleted outside of this bot" +
         (workspace.state == "trashed" ? ", while it was in the trash." : ". The next `up` gets a new one.");
}

net::awaitable<std::string> forget_gone(Services& world, std::int64_t workspace) {
  std::string gone;
  auto row = world.storage.workspaces.find(workspace).value();
  const auto volume = co_await find_volume_of(world, row);
  if (row.volume_id != 0 && !volume) {
    gone = volume_is_gone(row);
    forget_volume(world, row);
  }
  row = world.storage.workspaces.find(workspace).value();
  const auto ip = co_await find_address_of(world, row);
  if (row.ip_id != 0 && !ip) {
    gone += (gone.empty() ? "" : " ") + address_is_gone(row);
    forget_address(world, row);
  }
  co_return gone;
}

}  // namespace commands
