#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"

namespace commands {

/// "90m", "1h30m", "3h", "2d", "45s": days, hours, minutes and seconds in this order, each at most once.
/// nullopt = this is no duration ("18:00", "main"). Throws Error when it is one that cannot be meant:
/// negative, zero or longer than 366 days.
std::optional<net::Duration> parse_duration(std::string_view text);

/// The first of the words that is a length of time, taken out of them; nullopt = none is. Throws the same.
std::optional<net::Duration> take_duration(std::vector<std::string>& words);

}  // namespace commands
