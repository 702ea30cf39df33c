#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/placement.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr int most_servers = 10;

Reply shown_group(Call& call) {
  return {200, {{"placement_group", shown(call.project, call.project.placement_group(call.ids.front()))}}};
}

}  // namespace

void require_room(const Project& project, Id group) {
  int there = 0;
  for (const auto& [id, server] : project.held.servers) there += server.placement_group == group;
  if (there >= most_servers)
    throw Refusal(422, "placement_error", "a placement group of type spread takes at most 10 servers");
}

Reply list_placement_groups(Call& call) {
  std::vector<json> all;
  for (const auto& [id, group] : call.project.held.placement_groups)
    all.push_back(shown(call.project, group));
  return listed(call, "placement_groups", std::move(all), {"type"});
}

Reply get_placement_group(Call& call) { return shown_group(call); }

Reply create_placement_group(Call& call) {
  call.only({"name", "labels", "type"});
  PlacementGroup group;
  group.name = call.text("name");
  require_free_name(group.name);
  if (call.text("type") != "spread") throw invalid("type", "must be spread");
  group.labels = call.labels();
  require_unique(call.project.held.placement_groups, group.name);
  group.id = call.world.next_id();
  group.created = call.world.billing_time();
  const auto& kept = call.project.held.placement_groups[group.id] = group;
  return {201, {{"placement_group", shown(call.project, kept)}, {"action", nullptr}}};
}

Reply update_placement_group(Call& call) {
  call.only({"name", "labels"});
  auto& group = call.project.placement_group(call.ids.front());
  const auto name = call.find_text("name");
  if (name) {
    require_free_name(*name);
    require_unique(call.project.held.placement_groups, *name, group.id);
  }
  if (call.field("labels")) group.labels = call.labels();
  if (name) group.name = *name;
  return shown_group(call);
}

Reply delete_placement_group(Call& call) {
  const auto id = call.project.placement_group(call.ids.front()).id;
  for (const auto& [server_id, server] : call.project.held.servers)
    if (server.placement_group == id)
      throw Refusal(422, "resource_in_use", "there are still servers in the placement group");
  call.project.held.placement_groups.erase(id);
  return {204, nullptr};
}

Reply add_to_placement_group(Call& call) {
  call.only({"placement_group"});
  auto& server = call.project.server(call.ids.front());
  const auto group = call.integer("placement_group");
  if (!call.project.held.placement_groups.contains(group))
    throw invalid("placement_group", "placement group not found");
  if (server.placement_group)
    throw Refusal(422, "already_in_placement_group", "the server is part of a placement group");
  call.project.require_unlocked(server);
  if (server.status != "off") throw Refusal(422, "server_not_stopped", "the server must be off");
  require_room(call.project, group);
  server.placement_group = group;
  return action_reply(call, call.project.start("add_to_placement_group", {{server.id, "server"}}, 1));
}

Reply remove_from_placement_group(Call& call) {
  call.only({});
  auto& server = call.project.server(call.ids.front());
  if (!server.placement_group) throw invalid("placement_group", "the server is in no placement group");
  call.project.require_unlocked(server);
  return action_reply(call, call.project.start("remove_from_placement_group", {{server.id, "server"}}, 1));
}

}  // namespace hetzner::simulator
