#pragma once
#include "hetzner/simulator/project.hpp"

namespace hetzner::simulator {

/// Backups of a server: they cost a part of its price, so many are kept, and they go with it. None is made by
/// itself: whoever wants one orders it with create_image.
constexpr std::int64_t backup_percent = 20;
constexpr std::size_t backup_slots = 7;

/// Opens the line of the bill when backups are on, at the price of the server's type.
void charge_backups(Project& project, const World& world, const Server& server);

}  // namespace hetzner::simulator
