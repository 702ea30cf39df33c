#include <algorithm>

#include "hetzner/simulator/firewall_rules.hpp"
#include "hetzner/simulator/firewall_targets.hpp"
#include "hetzner/simulator/labels.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

bool names(const std::vector<Id>& all, Id id) { return std::find(all.begin(), all.end(), id) != all.end(); }

/// What a {type, server|label_selector} says; a selector is checked, a server is there.
struct Target {
  Id server = 0;
  std::string selector;
};

Target target_from(const Call& call, const json& given, const std::string& field) {
  const auto type = member(given, "type");
  if (type == "label_selector") {
    const auto selector = member(member(given, "label_selector"), "selector");
    if (!selector.is_string() || selector == "")
      throw invalid(field + ".label_selector", "must be a selector");
    const Selector checked(selector.get<std::string>());
    return {0, selector.get<std::string>()};
  }
  if (type != "server") throw invalid(field + ".type", "must be server or label_selector");
  const auto id = member(member(given, "server"), "id");
  if (!id.is_number_integer()) throw invalid(field + ".server", "must have an id");
  const auto found = call.project.held.servers.find(id.get<Id>());
  if (found == call.project.held.servers.end() || found->second.deleting)
    throw Refusal(404, "firewall_resource_not_found", "the server was not found");
  return {id.get<Id>(), ""};
}

std::vector<Target> targets_from(const Call& call, const json& all, const std::string& field) {
  std::vector<Target> targets;
  for (const auto& given : all) targets.push_back(target_from(call, given, field));
  for (const auto& one : targets)
    if (one.server && std::count_if(targets.begin(), targets.end(),
                                    [&](const Target& other) { return other.server == one.server; }) > 1)
      throw Refusal(422, "server_already_added", "the server was named more than once");
  return targets;
}

void require_appliable(const Call& call, const Firewall& firewall, const Target& target) {
  const auto refuse = [] {
    throw Refusal(422, "firewall_already_applied", "the firewall is already applied to the resource");
  };
  if (!target.server) {
    const auto& all = firewall.selectors;
    if (std::find(all.begin(), all.end(), target.selector) != all.end()) refuse();
    return;
  }
  const auto& server = call.project.held.servers.at(target.server);
  if (names(server.firewalls, firewall.id)) refuse();
  if (!server.ipv4 && !server.ipv6)
    throw Refusal(422, "private_net_only_server", "the server has no public network interface");
  if (firewalls_of(call.project, server).size() >= most_firewalls)
    throw Refusal(422, "resource_limit_exceeded", "a server has at most 5 firewalls");
  call.project.require_unlocked(server);
}

/// One action for each server that it concerns; one without a server when it concerns none now.
void start_each(Call& call, const std::string& command, const Firewall& firewall, const Target& target,
                json& actions) {
  const Resource wall{firewall.id, "firewall"};
  std::vector<Id> servers;
  if (target.server) servers.push_back(target.server);
  for (const auto& [id, server] : call.project.held.servers)
    if (!target.server && !server.deleting && Selector(target.selector).matches(server.labels))
      servers.push_back(id);
  for (const auto id : servers)
    actions.push_back(shown(call.world, call.project.start(command, {{id, "server"}, wall}, 1)));
  if (servers.empty()) actions.push_back(shown(call.world, call.project.start(command, {wall}, 1)));
}

}  // namespace

json apply_firewall(Call& call, Firewall& firewall, const json& resources) {
  const auto targets = targets_from(call, resources, "apply_to");
  for (const auto& target : targets) require_appliable(call, firewall, target);
  json actions = json::array();
  for (const auto& target : targets) {
    if (target.server)
      call.project.held.servers.at(target.server).firewalls.push_back(firewall.id);
    else
      firewall.selectors.push_back(target.selector);
    start_each(call, "apply_firewall", firewall, target, actions);
  }
  return actions;
}

/// Overwrites them, here and on every server it guards.
Reply set_firewall_rules(Call& call) {
  call.only({"rules"});
  auto& firewall = call.project.firewall(call.ids.front());
  firewall.rules = rules_from(call.needed_list("rules"));
  const Resource wall{firewall.id, "firewall"};
  json actions = json::array();
  actions.push_back(shown(call.world, call.project.start("set_firewall_rules", {wall}, 1)));
  for (const auto& [id, server] : call.project.held.servers)
    if (!server.deleting && names(firewalls_of(call.project, server), firewall.id))
      actions.push_back(shown(call.world, call.project.start("apply_firewall", {wall, {id, "server"}}, 1)));
  return {201, {{"actions", std::move(actions)}}};
}

Reply apply_firewall_to_resources(Call& call) {
  call.only({"apply_to"});
  auto& firewall = call.project.firewall(call.ids.front());
  return {201, {{"actions", apply_firewall(call, firewall, call.needed_list("apply_to"))}}};
}

Reply remove_firewall_from_resources(Call& call) {
  call.only({"remove_from"});
  auto& firewall = call.project.firewall(call.ids.front());
  const auto targets = targets_from(call, call.needed_list("remove_from"), "remove_from");
  auto& selectors = firewall.selectors;
  for (const auto& target : targets) {
    const bool chosen = std::find(selectors.begin(), selectors.end(), target.selector) != selectors.end();
    if (!target.server && !chosen)
      throw Refusal(404, "firewall_resource_not_found", "the label selector was not found");
    if (!target.server) continue;
    const auto& server = call.project.held.servers.at(target.server);
    if (!names(server.firewalls, firewall.id) && names(firewalls_of(call.project, server), firewall.id))
      throw Refusal(422, "firewall_managed_by_label_selector", "the firewall is applied by a label selector");
    if (!names(server.firewalls, firewall.id))
      throw Refusal(404, "firewall_resource_not_found", "the firewall is not applied to the server");
    call.project.require_unlocked(server);
  }
  json actions = json::array();
  for (const auto& target : targets) {
    std::erase_if(selectors, [&](const std::string& each) { return each == target.selector; });
    start_each(call, "remove_firewall", firewall, target, actions);
  }
  return {201, {{"actions", std::move(actions)}}};
}

}  // namespace hetzner::simulator
