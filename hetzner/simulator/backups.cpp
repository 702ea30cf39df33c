#include "hetzner/simulator/backups.hpp"

#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

Reply backup_action(Call& call, const std::string& command, double seconds) {
  call.only({"backup_window"});  // is still sent by old clients, and means nothing
  auto& server = call.project.server(call.ids.front());
  call.project.require_unlocked(server);
  return action_reply(call, call.project.start(command, {{server.id, "server"}}, seconds));
}

}  // namespace

void charge_backups(Project& project, const World& world, const Server& server) {
  const auto* offer = world.catalogue.type(server.type).find_offer(server.location);
  if (!offer || server.backup_window.empty()) return;
  project.charge({.resource = "backup",
                  .id = server.id,
                  .hourly = offer->hourly * backup_percent / 100,
                  .monthly = offer->monthly * backup_percent / 100,
                  .from = world.billing_time()});
}

Reply enable_backup(Call& call) { return backup_action(call, "enable_backup", 1); }
/// Takes the backups that were made with it.
Reply disable_backup(Call& call) { return backup_action(call, "disable_backup", 1); }

}  // namespace hetzner::simulator
