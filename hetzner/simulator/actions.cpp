#include <algorithm>
#include <set>

#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

Reply actions_of(Call& call, const std::string& type) {
  std::vector<json> all;
  for (const auto& [id, action] : call.project.held.actions)
    if (action.concerns(call.ids.front(), type)) all.push_back(shown(call.world, action));
  return listed(call, "actions", std::move(all), {"status"});
}

/// Those of a kind of resource, all or those asked for by ?id=.
Reply actions_of_all(Call& call, const std::string& type) {
  const auto wanted = call.all("id");
  std::vector<json> all;
  for (const auto& [id, action] : call.project.held.actions) {
    const bool asked = wanted.empty() || std::count(wanted.begin(), wanted.end(), std::to_string(id));
    if (asked && action.find(type)) all.push_back(shown(call.world, action));
  }
  return listed(call, "actions", std::move(all), {"status"});
}

/// 404 when the project has no such resource.
template <class T>
Reply actions_of_one(Call& call, T& (Project::*find)(Id), const std::string& type) {
  (call.project.*find)(call.ids.front());
  return actions_of(call, type);
}

}  // namespace

Reply action_reply(const Call& call, const Action& action) {
  return {201, {{"action", shown(call.world, action)}}};
}

/// Only those asked for by ?id=, as since 2025-01-30; ids that are not known are left out.
Reply list_actions(Call& call) {
  const auto ids = call.all("id");
  if (ids.empty()) throw invalid("id", "missing data for required field");
  const auto& actions = call.project.held.actions;
  json found = json::array();
  std::set<Id> told;
  for (const auto& text : ids) {
    const auto id = find_id(text);
    if (!id) throw invalid("id", "must be an id");
    if (const auto action = actions.find(*id); action != actions.end() && told.insert(*id).second)
      found.push_back(shown(call.world, action->second));
  }
  const auto total = found.size();
  return {200,
          {{"actions", std::move(found)},
           {"meta",
            {{"pagination",
              {{"page", 1},
               {"per_page", 50},
               {"previous_page", nullptr},
               {"next_page", nullptr},
               {"last_page", 1},
               {"total_entries", total}}}}}}};
}

/// By its id alone, or as one of the resource's that the path names.
Reply get_action(Call& call) {
  const auto found = call.project.held.actions.find(call.ids.back());
  if (found == call.project.held.actions.end()) throw not_found("action");
  const auto& of = found->second.resources;
  const auto is_it = [&](const Resource& each) { return each.id == call.ids.front(); };
  if (call.ids.size() > 1 && std::none_of(of.begin(), of.end(), is_it)) throw not_found("action");
  return {200, {{"action", shown(call.world, found->second)}}};
}

Reply list_server_actions(Call& call) { return actions_of_one(call, &Project::server, "server"); }
Reply list_volume_actions(Call& call) { return actions_of_one(call, &Project::volume, "volume"); }
Reply list_primary_ip_actions(Call& call) { return actions_of_one(call, &Project::primary_ip, "primary_ip"); }
Reply list_network_actions(Call& call) { return actions_of_one(call, &Project::network, "network"); }
Reply list_firewall_actions(Call& call) { return actions_of_one(call, &Project::firewall, "firewall"); }
Reply list_image_actions(Call& call) {
  if (!call.project.find_image(call.ids.front())) throw not_found("image");
  return actions_of(call, "image");
}

Reply list_all_server_actions(Call& call) { return actions_of_all(call, "server"); }
Reply list_all_volume_actions(Call& call) { return actions_of_all(call, "volume"); }
Reply list_all_primary_ip_actions(Call& call) { return actions_of_all(call, "primary_ip"); }
Reply list_all_network_actions(Call& call) { return actions_of_all(call, "network"); }
Reply list_all_firewall_actions(Call& call) { return actions_of_all(call, "firewall"); }
Reply list_all_image_actions(Call& call) { return actions_of_all(call, "image"); }

}  // namespace hetzner::simulator
