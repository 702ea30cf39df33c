#include "tailnet/simulator/shapes.hpp"

#include <fmt/chrono.h>

namespace tailnet::simulator {

std::string rfc3339(std::int64_t unix_ms) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(unix_ms / 1000)));
}

nlohmann::json shape(const AuthKey& key, std::int64_t now, bool with_secret) {
  const nlohmann::json create = {{"reusable", key.reusable},
                                 {"ephemeral", key.ephemeral},
                                 {"preauthorized", key.preauthorized},
                                 {"tags", key.tags}};
  nlohmann::json json = {{"id", key.id},
                         {"keyType", "auth"},
                         {"description", key.description},
                         {"created", rfc3339(key.created)},
                         {"expires", rfc3339(key.expires)},
                         {"capabilities", {{"devices", {{"create", create}}}}}};
  if (with_secret) json["key"] = key.secret;
  if (key.revoked) json["revoked"] = rfc3339(now);
  const bool is_spent = key.used && !key.reusable;
  if (key.revoked || is_spent || key.expires <= now) json["invalid"] = true;
  return json;
}

nlohmann::json shape(const Machine& machine, const std::string& domain) {
  nlohmann::json json = {{"id", machine.id.substr(1, 8)},
                         {"nodeId", machine.id},
                         {"name", machine.label + "." + domain},
                         {"hostname", machine.hostname},
                         {"addresses", {machine.address}},
                         {"user", "tagged-devices"},
                         {"tags", machine.tags},
                         {"authorized", machine.authorized},
                         {"isEphemeral", machine.ephemeral},
                         {"isExternal", false},
                         {"keyExpiryDisabled", true},
                         {"blocksIncomingConnections", false},
                         {"updateAvailable", false},
                         {"created", rfc3339(machine.created)},
                         {"os", "linux"},
                         {"clientVersion", "1.102.5"},
                         {"machineKey", "mkey:" + machine.id},
                         {"nodeKey", "nodekey:" + machine.id},
                         {"tailnetLockError", ""},
                         {"connectedToControl", machine.online}};
  if (!machine.online) json["lastSeen"] = rfc3339(machine.last_seen);
  return json;
}

}  // namespace tailnet::simulator
