#include "hetzner/simulator/network_parts.hpp"

#include <algorithm>

#include "hetzner/simulator/ip_range.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr int smallest_subnet = 30, usual_subnet = 24;

std::string word_in(const json& given, const char* key, const std::string& field) {
  const auto value = given.is_object() ? given.find(key) : given.end();
  if (!given.is_object() || value == given.end() || value->is_null()) return "";
  if (!value->is_string()) throw invalid(field, std::string(key) + " must be a string");
  return value->get<std::string>();
}

void require_keys(const json& given, const std::string& field, std::initializer_list<const char*> keys) {
  if (!given.is_object()) throw invalid(field, "must be an object");
  for (const auto& [key, value] : given.items())
    if (std::find_if(keys.begin(), keys.end(), [&, &name = key](const char* one) { return name == one; }) ==
        keys.end())
      throw invalid(field + "." + key, "unknown field name '" + key + "'");
}

bool is_free(const Network& network, const IpRange& wanted) {
  return std::none_of(network.subnets.begin(), network.subnets.end(),
                      [&](const Subnet& each) { return range(each.ip_range).overlaps(wanted); });
}

std::string free_range(const Network& network) {
  const auto whole = range(network.ip_range);
  constexpr std::uint64_t step = 1ULL << (32 - usual_subnet);
  for (std::uint64_t first = whole.first; first + step - 1 <= whole.last; first += step) {
    const auto at = static_cast<std::uint32_t>(first);
    const IpRange wanted{at, at + static_cast<std::uint32_t>(step) - 1, usual_subnet};
    if (is_free(network, wanted)) return wanted.text();
  }
  throw invalid("ip_range", "there is no free /24 in the network");
}

bool is_zone(const World& world, const std::string& name) {
  const auto& places = world.catalogue.locations;
  return std::any_of(places.begin(), places.end(),
                     [&](const json& place) { return place.at("network_zone") == name; });
}

}  // namespace

Subnet subnet_from(const World& world, const Network& network, const json& given) {
  // hcloud-go sends the gateway, too, which is not for it to choose.
  require_keys(given, "subnets", {"type", "ip_range", "network_zone", "vswitch_id", "gateway"});
  Subnet subnet{word_in(given, "type", "type"), word_in(given, "ip_range", "ip_range"),
                word_in(given, "network_zone", "network_zone")};
  if (subnet.type == "vswitch") throw Refusal(422, "unsupported_error", "the simulator has no vSwitches");
  if (subnet.type != "cloud" && subnet.type != "server")
    throw invalid("type", "must be cloud, server or vswitch");
  if (!is_zone(world, subnet.network_zone)) throw invalid("network_zone", "network zone not found");
  if (subnet.ip_range.empty()) subnet.ip_range = free_range(network);
  const auto wanted = find_range(subnet.ip_range);
  if (!wanted || wanted->prefix > smallest_subnet)
    throw invalid("ip_range", "must be a range of a /30 at least");
  if (!range(network.ip_range).holds(*wanted))
    throw invalid("ip_range", "must lie in the range of the network");
  if (!is_free(network, *wanted)) throw invalid("ip_range", "overlaps another subnet");
  return subnet;
}

NetworkRoute route_from(const Network& network, const json& given) {
  require_keys(given, "routes", {"destination", "gateway"});
  const NetworkRoute route{word_in(given, "destination", "destination"),
                           word_in(given, "gateway", "gateway")};
  const auto whole = range(network.ip_range);
  const auto gateway = find_ipv4(route.gateway);
  if (!find_range(route.destination)) throw invalid("destination", "must be a range");
  if (!gateway || !whole.has(*gateway)) throw invalid("gateway", "must be an address of the network");
  if (*gateway == whole.first + 1) throw invalid("gateway", "must not be the network's own gateway");
  for (const auto& each : network.routes)
    if (each.destination == route.destination) throw invalid("destination", "has a route already");
  return route;
}

}  // namespace hetzner::simulator
