#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>

#include "hetzner/simulator/firewall_rules.hpp"
#include "hetzner/simulator/ip_range.hpp"
#include "hetzner/simulator/labels.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/units.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

/// What an IPv4 is called until somebody names it.
std::string reverse_name(const std::string& ip) {
  const auto bytes = boost::asio::ip::make_address_v4(ip).to_bytes();
  return fmt::format("static.{}.{}.{}.{}.clients.your-server.de", bytes[3], bytes[2], bytes[1], bytes[0]);
}

json public_ip(const Project& project, Id id) {
  const auto found = project.held.primary_ips.find(id);
  if (found == project.held.primary_ips.end()) return nullptr;
  auto pointers = pointers_of(found->second);
  const bool single = found->second.type == "ipv4";
  return {{"id", id},
          {"ip", found->second.ip},
          {"blocked", false},
          {"dns_ptr", single ? pointers.front().at("dns_ptr") : std::move(pointers)}};
}

bool is_being_applied(const Project& project, Id server, Id firewall) {
  if (!project.has_running(server, "server")) return false;
  return std::any_of(project.held.actions.rbegin(), project.held.actions.rend(), [&](const auto& each) {
    const auto& action = each.second;
    return action.is_running() && action.command == "apply_firewall" && action.concerns(server, "server") &&
           action.concerns(firewall, "firewall");
  });
}

std::string mac_of(Id server, Id network) {
  const auto number = static_cast<std::uint64_t>(server) * 7919 + static_cast<std::uint64_t>(network);
  return fmt::format("86:00:00:{:02x}:{:02x}:{:02x}", number >> 16 & 255, number >> 8 & 255, number & 255);
}

json server_target(Id id) { return {{"type", "server"}, {"server", {{"id", id}}}}; }

json selector_target(const Project& project, const std::string& selector) {
  const Selector chosen(selector);
  json servers = json::array();
  for (const auto& [id, server] : project.held.servers)
    if (!server.deleting && chosen.matches(server.labels)) servers.push_back(server_target(id));
  return {{"type", "label_selector"},
          {"label_selector", {{"selector", selector}}},
          {"applied_to_resources", std::move(servers)}};
}

}  // namespace

json pointers_of(const PrimaryIp& ip) {
  json all = json::array();
  if (ip.type == "ipv4" && !ip.pointers.contains(ip.ip))
    all.push_back({{"ip", ip.ip}, {"dns_ptr", reverse_name(ip.ip)}});
  for (const auto& [address, name] : ip.pointers) all.push_back({{"ip", address}, {"dns_ptr", name}});
  return all;
}

json public_net(const Project& project, const Server& server) {
  json firewalls = json::array();
  for (const auto id : firewalls_of(project, server))
    firewalls.push_back(
        {{"id", id}, {"status", is_being_applied(project, server.id, id) ? "pending" : "applied"}});
  return {{"ipv4", public_ip(project, server.ipv4)},
          {"ipv6", public_ip(project, server.ipv6)},
          {"floating_ips", json::array()},
          {"firewalls", std::move(firewalls)}};
}

json private_nets(const Server& server) {
  json all = json::array();
  for (const auto& net : server.private_nets)
    if (net.attached)
      all.push_back({{"network", net.network},
                     {"ip", net.ip},
                     {"alias_ips", net.alias_ips},
                     {"mac_address", mac_of(server.id, net.network)}});
  return all;
}

json shown(const Project& project, const Firewall& firewall) {
  json applied = json::array();
  for (const auto& [id, server] : project.held.servers)
    if (std::count(server.firewalls.begin(), server.firewalls.end(), firewall.id))
      applied.push_back(server_target(id));
  for (const auto& selector : firewall.selectors) applied.push_back(selector_target(project, selector));
  return {{"id", firewall.id},         {"name", firewall.name},
          {"labels", firewall.labels}, {"created", rfc3339(firewall.created)},
          {"rules", firewall.rules},   {"applied_to", std::move(applied)}};
}

json shown(const Project& project, const Network& network) {
  const auto gateway = ipv4_text(range(network.ip_range).first + 1);
  json subnets = json::array(), routes = json::array(), servers = json::array();
  for (const auto& each : network.subnets)
    subnets.push_back({{"type", each.type},
                       {"ip_range", each.ip_range},
                       {"network_zone", each.network_zone},
                       {"gateway", gateway},
                       {"vswitch_id", nullptr}});
  for (const auto& each : network.routes)
    routes.push_back({{"destination", each.destination}, {"gateway", each.gateway}});
  for (const auto& [id, server] : project.held.servers)
    for (const auto& net : server.private_nets)
      if (!server.deleting && net.attached && net.network == network.id) servers.push_back(id);
  return {{"id", network.id},
          {"name", network.name},
          {"ip_range", network.ip_range},
          {"subnets", std::move(subnets)},
          {"routes", std::move(routes)},
          {"servers", std::move(servers)},
          {"load_balancers", json::array()},
          {"protection", {{"delete", network.protect_delete}}},
          {"labels", network.labels},
          {"created", rfc3339(network.created)},
          {"expose_routes_to_vswitch", network.expose_routes}};
}

json shown(const Project& project, const PlacementGroup& group) {
  json servers = json::array();
  for (const auto& [id, server] : project.held.servers)
    if (!server.deleting && server.placement_group == group.id) servers.push_back(id);
  return {{"id", group.id},         {"name", group.name},
          {"labels", group.labels}, {"created", rfc3339(group.created)},
          {"type", "spread"},       {"servers", std::move(servers)}};
}

}  // namespace hetzner::simulator
