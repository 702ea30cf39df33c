#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

Reply act(Call& call, const std::string& command, double seconds) {
  call.only({});
  auto& server = call.project.server(call.ids.front());
  call.project.require_unlocked(server);
  const auto& action = call.project.start(command, {{server.id, "server"}}, seconds);
  return {201, {{"action", shown(call.world, action)}}};
}

/// At once, as the API does, when there is nothing to do.
Reply act_if(Call& call, const std::string& command, double seconds, const std::string& status) {
  const bool needed = call.project.server(call.ids.front()).status == status;
  return act(call, command, needed ? seconds : 0);
}

}  // namespace

Reply power_on_server(Call& call) { return act_if(call, "start_server", 3, "off"); }
Reply power_off_server(Call& call) { return act_if(call, "stop_server", 2, "running"); }
Reply shutdown_server(Call& call) { return act(call, "shutdown_server", 1); }
Reply reboot_server(Call& call) { return act(call, "reboot_server", 3); }
Reply reset_server(Call& call) { return act(call, "reset_server", 3); }

Reply protect_server(Call& call) {
  call.only({"delete", "rebuild"});
  auto& server = call.project.server(call.ids.front());
  const bool remove = call.flag("delete", server.protect_delete);
  const bool rebuild = call.flag("rebuild", server.protect_rebuild);
  if (remove != rebuild) throw invalid("delete", "delete and rebuild protection must be the same");
  call.project.require_unlocked(server);
  server.protect_delete = remove;
  server.protect_rebuild = rebuild;
  const auto& action = call.project.start("change_protection", {{server.id, "server"}}, 0);
  return {201, {{"action", shown(call.world, action)}}};
}

}  // namespace hetzner::simulator
