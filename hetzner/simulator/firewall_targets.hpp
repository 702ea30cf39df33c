#pragma once
#include "hetzner/simulator/call.hpp"

namespace hetzner::simulator {

/// Applies a firewall to resources of a body, all of which are checked before; the actions.
nlohmann::json apply_firewall(Call& call, Firewall& firewall, const nlohmann::json& resources);

}  // namespace hetzner::simulator
