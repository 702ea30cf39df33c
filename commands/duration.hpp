#pragma once
#include <optional>
#include <string_view>

#include "net/clock.hpp"

namespace commands {

/// "90m", "1h30m", "3h", "2d", "45s": days, hours, minutes and seconds in this order, each at most once.
/// nullopt = this is no duration ("18:00", "main"). Throws Error when it is one that cannot be meant:
/// negative, zero or longer than 366 days.
std::optional<net::Duration> parse_duration(std::string_view text);

}  // namespace commands
