#pragma once
#include <optional>

#include "commands/services.hpp"

namespace commands {

/// Ends what has been given or asked for a time only, and tells those concerned, once: shares, and requests
/// that nobody has decided. When the next one ends; nullopt = none does.
std::optional<net::Time> end_due(Services& world);

}  // namespace commands
