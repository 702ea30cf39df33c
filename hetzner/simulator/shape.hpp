#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "hetzner/simulator/call.hpp"

namespace hetzner::simulator {

/// The API's spelling of autumn 2025, for clients that have not been changed since: `datacenter` in servers
/// and Primary IPs and in orders of them, `deprecated` in types and images, types without `available` and
/// `recommended`, `assignee_type` always "server". Rules are those of November 2026 all the same.
constexpr int older_shape = 2025;

/// Turns a reply of the newest shape into the older one.
void make_older(const World& world, nlohmann::json& body);
/// Turns `datacenter` of an order into `location`; throws Refusal 422 when there is none of the name or id.
void make_newer(const World& world, const std::string& path, nlohmann::json& body);

/// A location's only datacenter: {id, name, description, location, server_types}.
nlohmann::json datacenter_in(const World& world, const nlohmann::json& location);

}  // namespace hetzner::simulator
