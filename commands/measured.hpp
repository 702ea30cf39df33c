#pragma once
#include <cstdint>
#include <optional>

#include "commands/services.hpp"
#include "commands/verdict.hpp"

namespace commands {

/// What Hetzner measured of a server from outside in the last ten minutes, for where its own reports are
/// missing. It speaks for work at most, and nothing is stopped by it: how little goes on says nothing of who
/// sits there. nullopt = it cannot be had.
net::awaitable<std::optional<Reason>> measured(Services& world, std::int64_t server);

}  // namespace commands
