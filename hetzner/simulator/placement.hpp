#pragma once
#include "hetzner/simulator/project.hpp"

namespace hetzner::simulator {

/// Throws Refusal 422 placement_error when ten servers are in the group.
void require_room(const Project& project, Id group);

}  // namespace hetzner::simulator
