#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

Reply iso_action(Call& call, const std::string& command, Id iso, double seconds) {
  auto& server = call.project.server(call.ids.front());
  call.project.require_unlocked(server);
  return action_reply(call, call.project.start(command, {{server.id, "server"}}, seconds, 0, iso));
}

}  // namespace

/// ?architecture= leaves out what runs on any, unless ?include_architecture_wildcard=true.
Reply list_isos(Call& call) {
  const auto wanted = call.all("architecture");
  const bool any = call.find("include_architecture_wildcard").value_or("") == "true";
  std::vector<json> all;
  for (const auto& iso : call.world.catalogue.isos) {
    const auto& architecture = iso.at("architecture");
    bool fits = wanted.empty() || (architecture.is_null() && any);
    for (const auto& each : wanted) fits = fits || architecture == each;
    if (fits) all.push_back(iso);
  }
  return listed(call, "isos", std::move(all));
}

Reply get_iso(Call& call) {
  const auto* found = call.world.catalogue.find_iso(call.ids.front());
  if (!found) throw not_found("ISO");
  return {200, {{"iso", *found}}};
}

/// What was attached before is taken out.
Reply attach_iso(Call& call) {
  call.only({"iso"});
  call.project.server(call.ids.front());
  const auto* iso = call.world.catalogue.find_iso(call.needed("iso"));
  if (!iso) throw invalid("iso", "ISO not found");
  return iso_action(call, "attach_iso", iso->at("id").get<Id>(), 1);
}

Reply detach_iso(Call& call) {
  call.only({});
  const bool attached = call.project.server(call.ids.front()).iso != 0;
  return iso_action(call, "detach_iso", 0, attached ? 1 : 0);
}

}  // namespace hetzner::simulator
