#include "commands/deletion.hpp"

namespace commands {
namespace {

std::optional<hetzner::ServerId> holder_of(const hetzner::Volume& volume) { return volume.server; }
std::optional<hetzner::ServerId> holder_of(const hetzner::PrimaryIp& ip) { return ip.assignee; }

/// As it is when it is at no server; waits while the one that it is at is being deleted. nullopt = gone.
template <class T, class Find>
net::awaitable<std::optional<T>> until_let_go(Services& world, Find find) {
  const auto deadline = world.clock.now() + world.settings.limits.shutdown;
  for (hetzner::PollPace pace(world.settings.limits.poll_actions);;) {
    auto found = co_await find();
    const auto at = !found ? std::nullopt : holder_of(*found);
    if (!at || world.clock.now() >= deadline) co_return found;
    const auto server = co_await world.cloud.find_server(*at);
    if (server) co_return found;
    const auto pause = pace.next();
    co_await world.clock.sleep_for(pause);
  }
}

/// `find` → optional<T>, `destroy` deletes it once nothing protects it.
template <class T, class Find, class Destroy>
net::awaitable<std::string> remove_kept(Services& world, const WhyNot& why_not, Find find, Destroy destroy) {
  const auto kept = co_await until_let_go<T>(world, find);
  if (!kept) co_return "";
  if (const auto at = holder_of(*kept))
    co_return "it is at server " + std::to_string(at->value) + "; detach it there first";
  if (const auto why = why_not(kept->labels); !why.empty()) co_return why;
  if (kept->delete_protected) co_await world.cloud.set_delete_protection(kept->id, false);
  co_await destroy();
  co_return "";
}

}  // namespace

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

net::awaitable<std::string> remove_volume(Services& world, hetzner::VolumeId id, WhyNot why_not) {
  const auto find = [&] { return world.cloud.find_volume(id); };
  const auto destroy = [&] { return world.cloud.delete_volume(id); };
  co_return co_await remove_kept<hetzner::Volume>(world, why_not, find, destroy);
}

net::awaitable<std::string> remove_address(Services& world, hetzner::PrimaryIpId id, WhyNot why_not) {
  const auto find = [&] { return world.cloud.find_primary_ip(id); };
  const auto destroy = [&] { return world.cloud.delete_primary_ip(id); };
  co_return co_await remove_kept<hetzner::PrimaryIp>(world, why_not, find, destroy);
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
