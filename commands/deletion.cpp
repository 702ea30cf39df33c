#include "commands/deletion.hpp"

namespace commands {

net::awaitable<std::int64_t> delete_server(Services& world, hetzner::ServerId server) {
  const auto deletion = co_await world.cloud.delete_server(server);
  world.storage.sessions.end(server.value, world.clock.now());
  co_return deletion ? deletion->value : 0;
}

net::awaitable<void> until_deleted(Services& world, std::int64_t action, std::string hostname) {
  if (action == 0) {
    co_await until_free(world, hostname);
    co_return;
  }
  const std::vector<hetzner::ActionId> actions{hetzner::ActionId{action}};
  co_await world.cloud.until_done(actions);
}

net::awaitable<void> until_free(Services& world, std::string hostname) {
  const auto& limits = world.settings.limits;
  const auto deadline = world.clock.now() + limits.shutdown;
  for (hetzner::PollPace pace(limits.poll_actions);;) {
    const auto volume = co_await world.cloud.find_volume(hostname);
    const auto ip = co_await world.cloud.find_primary_ip(hostname);
    const bool is_free = (!volume || !volume->server) && (!ip || !ip->assignee);
    if (is_free || world.clock.now() >= deadline) co_return;
    const auto pause = pace.next();
    co_await world.clock.sleep_for(pause);
  }
}

}  // namespace commands
