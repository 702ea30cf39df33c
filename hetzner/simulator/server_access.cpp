#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

/// The ways into a server that has lost its own: none leads anywhere here, each answers as the real one.
namespace hetzner::simulator {
namespace {

using nlohmann::json;

nlohmann::json access_action(Call& call, const std::string& command) {
  auto& server = call.project.server(call.ids.front());
  call.project.require_unlocked(server);
  return shown(call.world, call.project.start(command, {{server.id, "server"}}, 1));
}

}  // namespace

Reply enable_rescue(Call& call) {
  call.only({"type", "ssh_keys"});
  const auto& server = call.project.server(call.ids.front());
  if (call.find_text("type").value_or("linux64") != "linux64") throw invalid("type", "must be linux64");
  for (const auto& key : call.list("ssh_keys"))
    if (const auto id = find_id(key); !id || !call.project.held.ssh_keys.contains(*id))
      throw invalid("ssh_keys", "SSH key not found");
  if (server.rescue) throw Refusal(422, "rescue_already_enabled", "rescue is already enabled");
  const auto action = access_action(call, "enable_rescue");
  return {201, {{"action", action}, {"root_password", call.world.random.hex(10)}}};
}

Reply disable_rescue(Call& call) {
  call.only({});
  return {201, {{"action", access_action(call, "disable_rescue")}}};
}

Reply reset_password(Call& call) {
  call.only({});
  const auto& server = call.project.server(call.ids.front());
  if (server.status != "running") throw Refusal(422, "server_not_running", "the server must run");
  const auto action = access_action(call, "reset_password");
  return {201, {{"action", action}, {"root_password", call.world.random.hex(10)}}};
}

Reply request_console(Call& call) {
  call.only({});
  const auto id = std::to_string(call.project.server(call.ids.front()).id);
  const auto action = access_action(call, "request_console");
  return {
      201,
      {{"wss_url", "wss://console.hetzner.cloud/?server_id=" + id + "&token=" + call.world.random.hex(16)},
       {"password", call.world.random.hex(16)},
       {"action", action}}};
}

}  // namespace hetzner::simulator
