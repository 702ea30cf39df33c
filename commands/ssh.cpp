#include "commands/running.hpp"
#include "commands/server_keys.hpp"
#include "commands/verbs.hpp"

namespace commands {

Begin ssh(Services& world, const Caller& caller, const Request& ask) {
  const auto session = running_session(world, caller, ask);
  const auto& name = session.node_name;
  auto text = "ssh " + world.settings.user + "@" + name.substr(0, name.find('.')) + "\n  or, in full: ssh " +
              world.settings.user + "@" + name;
  std::string later;
  for (const auto& key : world.storage.ssh_keys.of(caller.person.id))
    if (key.added > session.created) later += (later.empty() ? "" : ", ") + number_of(key);
  if (!later.empty()) text += "\n  added since it came up, so not yet accepted by it: key " + later;
  return text;
}

}  // namespace commands
