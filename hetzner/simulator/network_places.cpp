#include <algorithm>
#include <set>

#include "hetzner/simulator/ip_range.hpp"
#include "hetzner/simulator/network_parts.hpp"

/// Who has which address of a network.
namespace hetzner::simulator {
namespace {

std::set<std::uint32_t> taken_addresses(const Project& project, const Network& network, Id self) {
  std::set<std::uint32_t> taken{range(network.ip_range).first + 1};  // the gateway
  const auto take = [&](const std::string& ip) { taken.insert(find_ipv4(ip).value_or(0)); };
  for (const auto& [id, server] : project.held.servers)
    for (const auto& net : server.private_nets) {
      if (net.network != network.id) continue;
      take(net.ip);
      if (id == self) continue;  // its aliases may be said again
      for (const auto& alias : net.alias_ips) take(alias);
    }
  return taken;
}

bool is_usable(const Subnet& subnet, std::uint32_t address) {
  const auto hosts = range(subnet.ip_range);
  return hosts.has(address) && address != hosts.first && address != hosts.last;
}

/// Of the subnets that reach the server, the first address that nobody has.
std::string free_address(const Project& project, const Network& network, const std::string& zone,
                         const std::string& within) {
  const auto taken = taken_addresses(project, network, 0);
  for (const auto& subnet : network.subnets) {
    if (subnet.network_zone != zone || (!within.empty() && subnet.ip_range != within)) continue;
    const auto hosts = range(subnet.ip_range);
    for (auto address = hosts.first + 1; address < hosts.last; ++address)
      if (!taken.contains(address)) return ipv4_text(address);
  }
  throw Refusal(422, "no_subnet_available", "no subnet or IP is available for the server in the network");
}

void require_apart(const Project& project, const Server& server, const Network& network) {
  for (const auto& net : server.private_nets) {
    if (net.network == network.id)
      throw Refusal(422, "server_already_attached", "server is already attached to the network");
    const auto other = project.held.networks.find(net.network);
    if (other != project.held.networks.end() &&
        range(other->second.ip_range).overlaps(range(network.ip_range)))
      throw Refusal(422, "networks_overlap", "the network overlaps one of the server's");
  }
}

}  // namespace

void require_free_address(const Project& project, const Network& network, const std::string& ip, Id self) {
  const auto address = find_ipv4(ip);
  if (!address) throw invalid("ip", "must be an IPv4 address");
  const auto& subnets = network.subnets;
  const bool lies_in = std::any_of(subnets.begin(), subnets.end(),
                                   [&](const Subnet& each) { return is_usable(each, *address); });
  if (!lies_in || taken_addresses(project, network, self).contains(*address))
    throw Refusal(422, "ip_not_available", "the IP " + ip + " is not available");
}

PrivateNet place_in(Call& call, const Server& server, const PlaceAsked& asked) {
  const auto found = call.project.held.networks.find(asked.network);
  if (found == call.project.held.networks.end()) throw invalid("network", "network not found");
  const auto& network = found->second;
  require_apart(call.project, server, network);
  const auto* place = call.world.catalogue.find_location(server.location);
  const std::string zone = place ? place->at("network_zone").get<std::string>() : "";
  PrivateNet net;
  net.network = network.id;
  net.ip = asked.ip.empty() ? free_address(call.project, network, zone, asked.within) : asked.ip;
  require_free_address(call.project, network, net.ip);
  for (const auto& alias : asked.alias_ips) {
    require_free_address(call.project, network, alias);
    if (alias == net.ip || std::count(asked.alias_ips.begin(), asked.alias_ips.end(), alias) > 1)
      throw Refusal(422, "ip_not_available", "the IP " + alias + " is not available");
  }
  net.alias_ips = asked.alias_ips;
  return net;
}

}  // namespace hetzner::simulator
