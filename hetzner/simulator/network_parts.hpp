#pragma once
#include "hetzner/simulator/call.hpp"

namespace hetzner::simulator {

/// What a network is made of, read from {type, ip_range, network_zone} and {destination, gateway} and checked
/// against what it has; throws Refusal 422. A subnet without an ip_range gets the first free /24.
Subnet subnet_from(const World& world, const Network& network, const nlohmann::json& given);
NetworkRoute route_from(const Network& network, const nlohmann::json& given);

/// The place of a server in a network. Without `ip` it is the first free address of the subnets of its zone,
/// or of the one whose range is `within`. Throws Refusal 422, also when the server has a place there.
struct PlaceAsked {
  Id network = 0;
  std::string ip, within;
  std::vector<std::string> alias_ips;
};
PrivateNet place_in(Call& call, const Server& server, const PlaceAsked& asked);
/// Throws Refusal 422 ip_not_available unless the address lies in the network and nobody has it.
void require_free_address(const Project& project, const Network& network, const std::string& ip, Id self = 0);

}  // namespace hetzner::simulator
