#include <algorithm>

#include "hetzner/simulator/ip_range.hpp"
#include "hetzner/simulator/network_parts.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr double network_change_s = 1;

/// The network of the path, when no change of it runs.
Network& quiet_network(Call& call) {
  auto& network = call.project.network(call.ids.front());
  call.project.require_unchanging(network);
  return network;
}

Reply change_network(Call& call, const Network& network, const std::string& command, json what) {
  auto& action = call.project.start(command, {{network.id, "network"}}, network_change_s);
  action.what = std::move(what);
  return action_reply(call, action);
}

bool is_lived_in(const Project& project, const Network& network, const IpRange& subnet) {
  for (const auto& [id, server] : project.held.servers)
    for (const auto& net : server.private_nets)
      if (net.network == network.id && subnet.has(find_ipv4(net.ip).value_or(0))) return true;
  return false;
}

}  // namespace

Reply add_subnet(Call& call) {
  call.only({"type", "ip_range", "network_zone", "vswitch_id", "gateway"});
  const auto& network = quiet_network(call);
  const auto subnet = subnet_from(call.world, network, call.body);
  return change_network(call, network, "add_subnet", subnet);
}

Reply delete_subnet(Call& call) {
  call.only({"ip_range"});
  const auto& network = quiet_network(call);
  const auto wanted = call.text("ip_range");
  const auto is_it = [&](const Subnet& each) { return each.ip_range == wanted; };
  if (std::none_of(network.subnets.begin(), network.subnets.end(), is_it))
    throw invalid("ip_range", "subnet not found");
  if (is_lived_in(call.project, network, range(wanted)))
    throw Refusal(422, "resource_in_use", "servers are still attached to the subnet");
  return change_network(call, network, "delete_subnet", wanted);
}

Reply add_route(Call& call) {
  call.only({"destination", "gateway"});
  const auto& network = quiet_network(call);
  return change_network(call, network, "add_route", route_from(network, call.body));
}

Reply delete_route(Call& call) {
  call.only({"destination", "gateway"});
  const auto& network = quiet_network(call);
  const auto destination = call.text("destination"), gateway = call.text("gateway");
  const auto is_it = [&](const NetworkRoute& each) {
    return each.destination == destination && each.gateway == gateway;
  };
  if (std::none_of(network.routes.begin(), network.routes.end(), is_it))
    throw invalid("destination", "route not found");
  return change_network(call, network, "delete_route", destination);
}

/// Only to a larger one that begins where it does.
Reply change_ip_range(Call& call) {
  call.only({"ip_range"});
  const auto& network = quiet_network(call);
  const auto wanted = find_range(call.text("ip_range"));
  const auto now = range(network.ip_range);
  if (!wanted || !wanted->is_private()) throw invalid("ip_range", "must be a private range (RFC 1918)");
  if (wanted->first != now.first || wanted->prefix >= now.prefix)
    throw invalid("ip_range", "a network can only grow at its end");
  return change_network(call, network, "change_ip_range", wanted->text());
}

Reply protect_network(Call& call) {
  call.only({"delete"});
  auto& network = quiet_network(call);
  network.protect_delete = call.flag("delete", network.protect_delete);
  return action_reply(call, call.project.start("change_protection", {{network.id, "network"}}, 0));
}

}  // namespace hetzner::simulator
