#pragma once
#include <string>

#include "hetzner/simulator/world.hpp"

namespace hetzner::simulator {

/// The whole state as one JSON file, replaced by rename so that a kill leaves the old one or the new
/// one. `load` is false when there is none; both throw std::runtime_error with the file's name.
void write(const World& world, const std::string& file);
bool load(World& world, const std::string& file);

}  // namespace hetzner::simulator
