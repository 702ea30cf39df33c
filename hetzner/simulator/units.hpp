#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "net/clock.hpp"

/// The API's spelling of times and money; money is an integer of 1e-10, apart from the bot's own type
/// so that the bill is a second opinion.
namespace hetzner::simulator {

/// "2026-11-23T09:00:00Z".
std::string rfc3339(net::Time time);
/// The second of "2026-11-23T09:00:00Z", "…09:00:00.5+01:00"; nullopt for anything else.
std::optional<net::Time> find_rfc3339(const std::string& text);
/// "0.0569" → 569000000; throws std::invalid_argument on more than ten decimals or anything else.
std::int64_t money(const std::string& decimal);
/// 569000000 → "0.0569000000".
std::string decimal10(std::int64_t amount);
/// The gross price of a net one, 16 decimals: "0.0677110000000000".
std::string gross16(std::int64_t net, std::int64_t vat_percent);

}  // namespace hetzner::simulator
