#include <array>

#include "tailnet/simulator/ask.hpp"
#include "tailnet/simulator/shapes.hpp"

namespace tailnet::simulator {
namespace {

using nlohmann::json;

json join(const Ask& ask) {
  const auto body = ask.object();
  const auto& device =
      ask.registry.join(body.at("key").get<std::string>(), body.at("hostname").get<std::string>());
  return {{"id", device.node_id}, {"name", device.name}};
}

json connect(const Ask& ask, bool connected) {
  ask.registry.set_connected(ask.object().at("id").get<std::string>(), connected);
  return json::object();
}

json advance(const Ask& ask) {
  ask.registry.advance(std::chrono::seconds(ask.object().at("advance_s").get<long>()));
  return json::object();
}

/// All there ever were, with `used`, `revoked`, `expired`; without secrets.
json all_keys(const Ask& ask) {
  auto list = json::array();
  for (const auto& one : ask.registry.keys()) {
    auto shown = key_json(one, ask.registry.is_valid(one));
    shown["revoked"] = one.revoked != 0;
    shown["used"] = one.used;
    shown["expired"] = one.expires <= ask.registry.now();
    list.push_back(std::move(shown));
  }
  return list;
}

json all_devices(const Ask& ask) {
  auto list = json::array();
  for (const auto& one : ask.registry.devices()) list.push_back(device_json(one));
  return list;
}

constexpr std::array<Endpoint, 6> control_table = {{
    {"POST", "/_sim/join", join},
    {"POST", "/_sim/offline", [](const Ask& ask) { return connect(ask, false); }},
    {"POST", "/_sim/online", [](const Ask& ask) { return connect(ask, true); }},
    {"POST", "/_sim/clock", advance},
    {"GET", "/_sim/keys", all_keys},
    {"GET", "/_sim/devices", all_devices},
}};

}  // namespace

std::span<const Endpoint> control_endpoints() { return control_table; }

}  // namespace tailnet::simulator
