#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "tailnet/simulator/roster.hpp"

namespace tailnet::simulator {

/// Objects as the Tailscale API v2 answers them (https://tailscale.com/api).
std::string rfc3339(std::int64_t unix_ms);
/// `with_secret`: only the answer to the mint holds it.
nlohmann::json shape(const AuthKey& key, std::int64_t now, bool with_secret);
nlohmann::json shape(const Machine& machine, const std::string& domain);

}  // namespace tailnet::simulator
