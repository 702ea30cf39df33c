#pragma once
#include <nlohmann/json.hpp>

#include "hetzner/simulator/project.hpp"

namespace hetzner::simulator {

/// Checked rules of a firewall, each with all the fields that the API shows; throws Refusal 422.
nlohmann::json rules_from(const nlohmann::json& given);

/// The firewalls that guard a server: those it names and those whose label selectors choose it.
std::vector<Id> firewalls_of(const Project& project, const Server& server);
constexpr std::size_t most_firewalls = 5;  ///< of one server

}  // namespace hetzner::simulator
