#pragma once
#include <nlohmann/json.hpp>

#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/world.hpp"

namespace hetzner::simulator {

/// The objects as the API of November 2026 shows them: no `datacenter`, no `deprecated`.
nlohmann::json shown(const World& world, const Action& action);
nlohmann::json shown(const World& world, Project& project, const Server& server);
nlohmann::json shown(const World& world, const Volume& volume);
nlohmann::json shown(const World& world, const PrimaryIp& ip);
nlohmann::json shown(const Image& image);
nlohmann::json shown(const SshKey& key);
nlohmann::json shown(const Project& project, const Firewall& firewall);
nlohmann::json shown(const Project& project, const Network& network);
nlohmann::json shown(const Project& project, const PlacementGroup& group);
nlohmann::json shown(const World& world, const ServerType& type);
/// {"net":"0.0569000000","gross":"0.0677110000000000"}
nlohmann::json price(const World& world, std::int64_t net);
nlohmann::json ref(Id id);  ///< null for 0
/// Parts of a server and of a Primary IP: its nets, and its reverse names as [{ip, dns_ptr}].
nlohmann::json public_net(const Project& project, const Server& server);
nlohmann::json private_nets(const Server& server);
nlohmann::json pointers_of(const PrimaryIp& ip);

}  // namespace hetzner::simulator
