#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"
#include "hetzner/simulator/units.hpp"

/// What is the same for every project: locations, server types, prices.
namespace hetzner::simulator {

using nlohmann::json;

Reply list_locations(Call& call) {
  return listed(call, "locations", call.world.catalogue.locations.get<std::vector<json>>());
}

Reply get_location(Call& call) {
  const auto* found = call.world.catalogue.find_location(call.ids.front());
  if (!found) throw not_found("location");
  return {200, {{"location", *found}}};
}

Reply list_server_types(Call& call) {
  const auto name = call.find("name");
  std::vector<json> all;
  for (const auto& type : call.world.catalogue.server_types)
    if (!name || *name == type.name) all.push_back(shown(call.world, type));
  return listed(call, "server_types", std::move(all));
}

Reply get_server_type(Call& call) {
  const auto* found = call.world.catalogue.find_type(call.ids.front());
  if (!found) throw not_found("server type");
  return {200, {{"server_type", shown(call.world, *found)}}};
}

Reply get_pricing(Call& call) {
  const auto& catalogue = call.world.catalogue;
  const auto cost = [&](std::int64_t net) { return price(call.world, net); };
  json types = json::array();
  for (const auto& type : catalogue.server_types)
    types.push_back({{"id", type.id}, {"name", type.name}, {"prices", shown(call.world, type).at("prices")}});
  json ips = json::array(), floating = json::array();
  for (const std::string type : {"ipv4", "ipv6"}) {
    const bool paid = type == "ipv4";
    const auto monthly = cost(paid ? catalogue.floating_ipv4 : catalogue.floating_ipv6);
    json prices = json::array(), floating_prices = json::array();
    for (const auto& location : catalogue.locations) {
      prices.push_back({{"location", location.at("name")},
                        {"price_hourly", cost(paid ? catalogue.ipv4_hourly : 0)},
                        {"price_monthly", cost(paid ? catalogue.ipv4_monthly : 0)}});
      floating_prices.push_back({{"location", location.at("name")}, {"price_monthly", monthly}});
    }
    ips.push_back({{"type", type}, {"prices", std::move(prices)}});
    floating.push_back({{"type", type}, {"prices", std::move(floating_prices)}});
  }
  json pricing = {{"currency", catalogue.currency},
                  {"vat_rate", decimal10(catalogue.vat_percent * 10'000'000'000)},
                  {"image", {{"price_per_gb_month", cost(catalogue.image_gb_month)}}},
                  {"volume", {{"price_per_gb_month", cost(catalogue.volume_gb_month)}}},
                  {"server_backup", {{"percentage", "20.0000000000"}}},
                  {"server_types", std::move(types)},
                  {"primary_ips", std::move(ips)},
                  {"floating_ip", {{"price_monthly", cost(catalogue.floating_ipv4)}}},
                  {"floating_ips", std::move(floating)},
                  {"load_balancer_types", json::array()}};
  return {200, {{"pricing", std::move(pricing)}}};
}

}  // namespace hetzner::simulator
