#include <algorithm>

#include "hetzner/simulator/network_parts.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

std::vector<std::string> aliases_of(const json& given) {
  std::vector<std::string> aliases;
  for (const auto& value : given) {
    if (!value.is_string()) throw invalid("alias_ips", "must be addresses");
    aliases.push_back(value.get<std::string>());
  }
  return aliases;
}

Reply join_or_leave(Call& call, const std::string& command, const Server& server, Id network) {
  const std::vector<Resource> both{{server.id, "server"}, {network, "network"}};
  return action_reply(call, call.project.start(command, both, 2));
}

/// The place of the path's server in the network of the body.
PrivateNet& place_of(Call& call, Server& server) {
  const auto network = call.integer("network");
  const auto found = std::find_if(server.private_nets.begin(), server.private_nets.end(),
                                  [&](const PrivateNet& net) { return net.network == network; });
  if (found == server.private_nets.end()) throw invalid("network", "server is not attached to the network");
  call.project.require_unlocked(server);
  return *found;
}

}  // namespace

Reply attach_to_network(Call& call) {
  call.only({"network", "ip", "alias_ips", "ip_range"});
  auto& server = call.project.server(call.ids.front());
  const PlaceAsked asked{call.integer("network"), call.find_text("ip").value_or(""),
                         call.find_text("ip_range").value_or(""), aliases_of(call.list("alias_ips"))};
  const auto place = place_in(call, server, asked);
  call.project.require_unlocked(server);
  server.private_nets.push_back(place);
  return join_or_leave(call, "attach_to_network", server, asked.network);
}

Reply detach_from_network(Call& call) {
  call.only({"network"});
  auto& server = call.project.server(call.ids.front());
  return join_or_leave(call, "detach_from_network", server, place_of(call, server).network);
}

/// The aliases that are said are all it has from then on.
Reply change_alias_ips(Call& call) {
  call.only({"network", "alias_ips"});
  auto& server = call.project.server(call.ids.front());
  auto& place = place_of(call, server);
  const auto wanted = aliases_of(call.needed_list("alias_ips"));
  for (const auto& alias : wanted)
    require_free_address(call.project, call.project.network(place.network), alias, server.id);
  place.alias_ips = wanted;
  return join_or_leave(call, "change_alias_ips", server, place.network);
}

}  // namespace hetzner::simulator
