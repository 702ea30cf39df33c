#include "tailnet/simulator/shapes.hpp"

#include <fmt/chrono.h>

#include <algorithm>

namespace tailnet::simulator {

using nlohmann::json;

std::string time_text(std::int64_t unix_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(unix_ms)};
  return fmt::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(time));
}

json key_json(const Key& key, bool valid) {
  const json create = {{"reusable", key.reusable},
                       {"ephemeral", key.ephemeral},
                       {"preauthorized", key.preauthorized},
                       {"tags", key.tags}};
  json shown = {{"id", key.id},
                {"keyType", "auth"},
                {"created", time_text(key.created)},
                {"expires", time_text(key.expires)},
                {"capabilities", {{"devices", {{"create", create}}}}},
                {"description", key.description}};
  if (!valid) shown["invalid"] = true;
  if (key.revoked) shown["revoked"] = time_text(key.revoked);
  return shown;
}

json device_json(const Device& device) {
  json shown = {{"id", device.id},
                {"nodeId", device.node_id},
                {"name", device.name},
                {"hostname", device.hostname},
                {"addresses", device.addresses},
                {"user", "tagged-devices"},
                {"tags", device.tags},
                {"authorized", true},
                {"isEphemeral", device.ephemeral},
                {"isExternal", false},
                {"keyExpiryDisabled", true},
                {"created", time_text(device.created)},
                {"expires", time_text(device.created + 180LL * 24 * 3600 * 1000)},
                {"os", "linux"},
                {"clientVersion", "1.102.5"},
                {"updateAvailable", false},
                {"blocksIncomingConnections", false},
                {"tailnetLockError", ""},
                {"connectedToControl", device.connected}};
  if (!device.connected) shown["lastSeen"] = time_text(device.last_seen);
  return shown;
}

bool matches(const json& device, const net::Query& query) {
  const auto has = [](const json& value, const std::string& text) {
    return value.is_string() ? value == text : value.dump() == text;
  };
  return std::all_of(query.begin(), query.end(), [&](const auto& pair) {
    // Two names, not a structured binding, which clang 14 does not capture.
    const auto& field = pair.first;
    const auto& wanted = pair.second;
    if (field == "fields") return true;
    if (!device.contains(field)) return false;
    const auto& value = device[field];
    if (!value.is_array()) return has(value, wanted);
    return std::any_of(value.begin(), value.end(), [&](const json& one) { return has(one, wanted); });
  });
}

}  // namespace tailnet::simulator
