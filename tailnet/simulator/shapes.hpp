#pragma once
#include "net/url.hpp"
#include "tailnet/simulator/contents.hpp"

namespace tailnet::simulator {

/// The JSON of the Tailscale API's objects; its times are whole seconds.
std::string time_text(std::int64_t unix_ms);
nlohmann::json key_json(const Key& key, bool valid);
nlohmann::json device_json(const Device& device);
/// Every pair names a field of the device that has, or for a list holds, this value.
bool matches(const nlohmann::json& device, const net::Query& query);

}  // namespace tailnet::simulator
