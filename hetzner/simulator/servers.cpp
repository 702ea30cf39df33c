#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {

using nlohmann::json;

Reply list_servers(Call& call) {
  std::vector<const Server*> all;
  for (const auto& [id, server] : call.project.held.servers)
    if (!server.deleting) all.push_back(&server);
  Rows rows;
  rows.count = all.size();
  rows.field = [&](std::size_t row, const std::string& name) -> json {
    if (name == "id") return all[row]->id;
    if (name == "name") return all[row]->name;
    if (name == "status") return all[row]->status;
    return name == "created" ? json(all[row]->created) : json();
  };
  rows.labels = [&](std::size_t row) { return all[row]->labels; };
  rows.shown = [&](std::size_t row) { return shown(call.world, call.project, *all[row]); };
  return page_of(call, "servers", rows, {"status"});
}

Reply get_server(Call& call) {
  const auto& server = call.project.server(call.ids.front());
  return {200, {{"server", shown(call.world, call.project, server)}}};
}

Reply update_server(Call& call) {
  call.only({"name", "labels"});
  auto& server = call.project.server(call.ids.front());
  const auto name = call.find_text("name");
  if (name) {
    require_host_name(*name);
    require_unique(call.project.held.servers, *name, server.id);
  }
  if (call.field("labels")) server.labels = call.labels();
  if (name) server.name = *name;
  return get_server(call);
}

Reply delete_server(Call& call) {
  auto& project = call.project;
  auto& server = project.server(call.ids.front());
  if (server.protect_delete) throw is_protected("server");
  if (server.status == "initializing")
    project.abandon(server);
  else
    project.require_unlocked(server);
  server.deleting = true;
  project.power_off(server);
  server.status = "deleting";
  project.end_charge(server.id, "server");
  project.end_charge(server.id, "backup");
  const auto& action = project.start("delete_server", {{server.id, "server"}}, 5);
  return {200, {{"action", shown(call.world, action)}}};
}

}  // namespace hetzner::simulator
