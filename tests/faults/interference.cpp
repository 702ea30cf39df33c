#include "tests/faults/interference.hpp"

namespace faults {

nlohmann::json servers_of(Stage& stage) {
  auto servers = stage.hetzner().get("/_sim/servers")["servers"];
  // Gone from the account, although the deletion still runs.
  for (auto at = servers.begin(); at != servers.end();)
    at = (*at)["status"] == "deleting" ? servers.erase(at) : at + 1;
  return servers;
}

bool do_outside(const std::string& act, Stage& stage, const nlohmann::json& server) {
  auto& hetzner = stage.hetzner();
  const auto id = server["id"].dump();
  try {
    if (act == "delete") hetzner.remove("/v1/servers/" + id);
    if (act == "power off") hetzner.put("/_sim/servers/" + id + "/power", {{"status", "off"}});
    if (act == "rename") hetzner.put("/v1/servers/" + id, {{"name", "found-by-somebody-" + id}});
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace faults
