#include <algorithm>

#include "hetzner/simulator/firewall_rules.hpp"
#include "hetzner/simulator/firewall_targets.hpp"
#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {

using nlohmann::json;

Reply list_firewalls(Call& call) {
  std::vector<json> all;
  for (const auto& [id, firewall] : call.project.held.firewalls) all.push_back(shown(call.project, firewall));
  return listed(call, "firewalls", std::move(all));
}

Reply get_firewall(Call& call) {
  return {200, {{"firewall", shown(call.project, call.project.firewall(call.ids.front()))}}};
}

Reply create_firewall(Call& call) {
  call.only({"name", "rules", "apply_to", "labels"});
  Firewall firewall;
  firewall.name = call.text("name");
  require_free_name(firewall.name, 128);
  firewall.labels = call.labels();
  firewall.rules = rules_from(call.list("rules"));
  require_unique(call.project.held.firewalls, firewall.name);
  firewall.id = call.world.next_id();
  firewall.created = call.world.billing_time();
  auto& kept = call.project.held.firewalls[firewall.id] = firewall;
  try {
    auto actions = apply_firewall(call, kept, call.list("apply_to"));
    return {201, {{"firewall", shown(call.project, kept)}, {"actions", std::move(actions)}}};
  } catch (const Refusal&) {
    call.project.held.firewalls.erase(firewall.id);
    throw;
  }
}

Reply update_firewall(Call& call) {
  call.only({"name", "labels"});
  auto& firewall = call.project.firewall(call.ids.front());
  const auto name = call.find_text("name");
  if (name) {
    require_free_name(*name, 128);
    require_unique(call.project.held.firewalls, *name, firewall.id);
  }
  if (call.field("labels")) firewall.labels = call.labels();
  if (name) firewall.name = *name;
  return get_firewall(call);
}

Reply delete_firewall(Call& call) {
  const auto& firewall = call.project.firewall(call.ids.front());
  const auto id = firewall.id;
  const auto& servers = call.project.held.servers;
  const bool in_use =
      !firewall.selectors.empty() || std::any_of(servers.begin(), servers.end(), [&](const auto& each) {
        return std::count(each.second.firewalls.begin(), each.second.firewalls.end(), id) > 0;
      });
  // The words, too: Hetzner's Ansible collection looks for them and tries again.
  if (in_use)
    throw Refusal(422, "resource_in_use", "firewall with ID " + std::to_string(id) + " is still in use");
  call.project.held.firewalls.erase(id);
  return {204, nullptr};
}

}  // namespace hetzner::simulator
