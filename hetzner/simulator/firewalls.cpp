#include <algorithm>

#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

Firewall& firewall_of(Call& call) {
  const auto found = call.project.held.firewalls.find(call.ids.front());
  if (found == call.project.held.firewalls.end()) throw not_found("firewall");
  return found->second;
}

}  // namespace

Reply list_firewalls(Call& call) {
  std::vector<json> all;
  for (const auto& [id, firewall] : call.project.held.firewalls) all.push_back(shown(call.project, firewall));
  return listed(call, "firewalls", std::move(all));
}

Reply get_firewall(Call& call) { return {200, {{"firewall", shown(call.project, firewall_of(call))}}}; }

Reply create_firewall(Call& call) {
  call.only({"name", "rules", "apply_to", "labels"});
  Firewall firewall;
  firewall.name = call.text("name");
  if (firewall.name.empty()) throw invalid("name", "must not be empty");
  firewall.labels = call.labels();
  firewall.rules = call.list("rules");
  if (!call.list("apply_to").empty())
    throw Refusal(422, "unsupported_error", "the simulator applies firewalls when a server is created");
  require_unique(call.project.held.firewalls, firewall.name);
  firewall.id = call.world.next_id();
  firewall.created = call.world.billing_time();
  call.project.held.firewalls[firewall.id] = firewall;
  return {201, {{"firewall", shown(call.project, firewall)}, {"actions", json::array()}}};
}

Reply update_firewall(Call& call) {
  call.only({"name", "labels"});
  auto& firewall = firewall_of(call);
  const auto name = call.find_text("name");
  if (name) require_unique(call.project.held.firewalls, *name, firewall.id);
  if (call.field("labels")) firewall.labels = call.labels();
  if (name) firewall.name = *name;
  return get_firewall(call);
}

Reply delete_firewall(Call& call) {
  const auto id = firewall_of(call).id;
  for (const auto& [other, server] : call.project.held.servers)
    if (std::count(server.firewalls.begin(), server.firewalls.end(), id))
      throw Refusal(422, "resource_in_use", "firewall is still applied to a server");
  call.project.held.firewalls.erase(id);
  return {204, nullptr};
}

}  // namespace hetzner::simulator
