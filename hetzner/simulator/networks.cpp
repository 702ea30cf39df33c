#include "hetzner/simulator/ip_range.hpp"
#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/network_parts.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr int smallest_network = 24;

void read_parts(Call& call, Network& network) {
  const auto whole = find_range(network.ip_range);
  if (!whole || whole->prefix > smallest_network || !whole->is_private())
    throw invalid("ip_range", "must be a private range (RFC 1918) of a /24 at least");
  for (const auto& given : call.list("subnets"))
    network.subnets.push_back(subnet_from(call.world, network, given));
  for (const auto& given : call.list("routes")) network.routes.push_back(route_from(network, given));
}

const char* status_of(const Project& project, const Server& server, const PrivateNet& place) {
  if (!place.attached) return "attaching";
  if (!project.has_running(server.id, "server")) return "ok";
  for (const auto& [id, action] : project.held.actions) {
    if (!action.is_running() || !action.concerns(server.id, "server") ||
        !action.concerns(place.network, "network"))
      continue;
    if (action.command == "detach_from_network") return "detaching";
    if (action.command == "change_alias_ips") return "updating";
  }
  return "ok";
}

std::string subnet_with(const Network& network, const std::string& ip) {
  const auto address = find_ipv4(ip);
  for (const auto& subnet : network.subnets)
    if (address && range(subnet.ip_range).has(*address)) return subnet.ip_range;
  return "";
}

}  // namespace

Reply list_networks(Call& call) {
  std::vector<json> all;
  for (const auto& [id, network] : call.project.held.networks) all.push_back(shown(call.project, network));
  return listed(call, "networks", std::move(all));
}

Reply get_network(Call& call) {
  return {200, {{"network", shown(call.project, call.project.network(call.ids.front()))}}};
}

Reply list_network_members(Call& call) {
  const auto& network = call.project.network(call.ids.front());
  std::vector<json> all;
  for (const auto& [id, server] : call.project.held.servers)
    for (const auto& place : server.private_nets)
      if (place.network == network.id && !server.deleting)
        all.push_back({{"type", "server"},
                       {"id", id},
                       {"ip", place.ip},
                       {"status", status_of(call.project, server, place)},
                       {"alias_ips", place.alias_ips},
                       {"subnet", subnet_with(network, place.ip)}});
  return listed(call, "members", std::move(all), {"type", "status", "subnet"});
}

Reply create_network(Call& call) {
  call.only({"name", "ip_range", "labels", "subnets", "routes", "expose_routes_to_vswitch"});
  Network network;
  network.name = call.text("name");
  require_free_name(network.name);
  network.ip_range = call.text("ip_range");
  network.labels = call.labels();
  network.expose_routes = call.flag("expose_routes_to_vswitch", false);
  read_parts(call, network);
  require_unique(call.project.held.networks, network.name);
  network.id = call.world.next_id();
  network.created = call.world.billing_time();
  const auto& kept = call.project.held.networks[network.id] = network;
  return {201, {{"network", shown(call.project, kept)}}};
}

Reply update_network(Call& call) {
  call.only({"name", "labels", "expose_routes_to_vswitch"});
  auto& network = call.project.network(call.ids.front());
  call.project.require_unchanging(network);
  const auto name = call.find_text("name");
  if (name) {
    require_free_name(*name);
    require_unique(call.project.held.networks, *name, network.id);
  }
  const bool expose = call.flag("expose_routes_to_vswitch", network.expose_routes);
  if (call.field("labels")) network.labels = call.labels();
  if (name) network.name = *name;
  network.expose_routes = expose;
  return get_network(call);
}

/// Servers that are in it lose it with it.
Reply delete_network(Call& call) {
  const auto& network = call.project.network(call.ids.front());
  if (network.protect_delete) throw is_protected("network");
  call.project.require_unchanging(network);
  const auto id = network.id;
  for (const auto& [server_id, server] : call.project.held.servers)
    for (const auto& net : server.private_nets)
      if (net.network == id) call.project.require_unlocked(server);
  for (auto& [server_id, server] : call.project.held.servers)
    std::erase_if(server.private_nets, [&](const PrivateNet& net) { return net.network == id; });
  call.project.held.networks.erase(id);
  return {204, nullptr};
}

}  // namespace hetzner::simulator
