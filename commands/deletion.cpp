#include "commands/deletion.hpp"

namespace commands {

net::awaitable<std::int64_t> delete_server(Services& world, hetzner::ServerId server) {
  const auto deletion = co_await world.cloud.delete_server(server);
  world.storage.sessions.end(server.value, world.clock.now());
  co_return deletion ? deletion->value : 0;
}

net::awaitable<void> until_deleted(Services& world, std::int64_t action, std::int64_t workspace) {
  if (action == 0) {
    co_await until_free(world, workspace);
    co_return;
  }
  const std::vector<hetzner::ActionId> actions{hetzner::ActionId{action}};
  co_await world.cloud.until_done(actions);
}

/// By id, for an adopted one has a name of its own.
net::awaitable<std::optional<hetzner::Volume>> find_volume_of(Services& world, storage::WorkspaceRow row) {
  if (row.volume_id == 0) co_return std::nullopt;
  const hetzner::VolumeId id{row.volume_id};
  co_return co_await world.cloud.find_volume(id);
}

net::awaitable<std::optional<hetzner::PrimaryIp>> find_address_of(Services& world,
                                                                  storage::WorkspaceRow row) {
  if (row.ip_id == 0) co_return std::nullopt;
  const hetzner::PrimaryIpId id{row.ip_id};
  co_return co_await world.cloud.find_primary_ip(id);
}

net::awaitable<void> until_free(Services& world, std::int64_t workspace) {
  const auto& limits = world.settings.limits;
  const auto row = world.storage.workspaces.find(workspace).value();
  const auto deadline = world.clock.now() + limits.shutdown;
  for (hetzner::PollPace pace(limits.poll_actions);;) {
    const auto volume = co_await find_volume_of(world, row);
    const auto ip = co_await find_address_of(world, row);
    const bool is_free = (!volume || !volume->server) && (!ip || !ip->assignee);
    if (is_free || world.clock.now() >= deadline) co_return;
    const auto pause = pace.next();
    co_await world.clock.sleep_for(pause);
  }
}

}  // namespace commands
