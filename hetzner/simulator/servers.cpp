#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"
#include "hetzner/simulator/units.hpp"

namespace hetzner::simulator {

using nlohmann::json;

Reply list_servers(Call& call) {
  // A server is large, for it holds its whole type: only those of the page are shown in full.
  std::vector<json> all;
  for (const auto& [id, server] : call.project.held.servers)
    if (!server.deleting)
      all.push_back({{"id", id},
                     {"name", server.name},
                     {"status", server.status},
                     {"created", rfc3339(server.created)},
                     {"labels", server.labels}});
  auto reply = listed(call, "servers", std::move(all), {"status"});
  for (auto& row : reply.body["servers"])
    row = shown(call.world, call.project, call.project.server(row.at("id").get<Id>()));
  return reply;
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
