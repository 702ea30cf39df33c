#include "hetzner/simulator/shape.hpp"

#include <algorithm>

#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

/// `unavailable_after` of the first location that has one, and its whole announcement.
json retirement(const json& type) {
  for (const auto& place : type.at("locations"))
    if (!place.at("deprecation").is_null()) return place.at("deprecation");
  return nullptr;
}

void older_type(json& type) {
  const auto& places = type.at("locations");
  const bool gone = !places.empty() && std::all_of(places.begin(), places.end(), [](const json& place) {
    return !place.at("deprecation").is_null();
  });
  type["deprecation"] = retirement(type);
  type["deprecated"] = gone || !type["deprecation"].is_null();
  for (auto& place : type["locations"]) {
    place.erase("available");
    place.erase("recommended");
  }
}

void older_image(json& image) {
  if (image.is_null()) return;
  const auto& deprecation = image.at("deprecation");
  image["deprecated"] = deprecation.is_null() ? json() : deprecation.at("announced");
}

void older_server(const World& world, json& server) {
  server["datacenter"] = datacenter_in(world, server.at("location"));
  older_type(server.at("server_type"));
  older_image(server.at("image"));
}

void older_ip(const World& world, json& ip) {
  ip["datacenter"] = datacenter_in(world, ip.at("location"));
  ip["assignee_type"] = "server";
}

template <class Change>
void for_each_in(json& body, const char* one, const char* many, Change change) {
  if (const auto found = body.find(one); found != body.end() && found->is_object()) change(*found);
  if (const auto found = body.find(many); found != body.end())
    for (auto& each : *found) change(each);
}

const json* find_datacenter_place(const World& world, const json& id_or_name) {
  const auto id = find_id(id_or_name);
  for (const auto& place : world.catalogue.locations) {
    const auto& there = world.catalogue.datacenter(place.at("name"));
    if (id ? there.at("id") == *id : there.at("name") == id_or_name) return &place;
  }
  return nullptr;
}

}  // namespace

json datacenter_in(const World& world, const json& location) {
  if (location.is_null()) return nullptr;
  const auto name = location.at("name").get<std::string>();
  json supported = json::array(), available = json::array();
  for (const auto& type : world.catalogue.server_types) {
    const auto* offer = type.find_offer(name);
    if (!offer) continue;
    supported.push_back(type.id);
    if (!offer->deprecated && world.is_shown_available(type, *offer)) available.push_back(type.id);
  }
  auto datacenter = world.catalogue.datacenter(name);
  datacenter["location"] = location;
  datacenter["server_types"] = {
      {"supported", supported}, {"available", available}, {"available_for_migration", available}};
  return datacenter;
}

void make_older(const World& world, json& body) {
  if (!body.is_object()) return;
  for_each_in(body, "server", "servers", [&](json& each) { older_server(world, each); });
  for_each_in(body, "primary_ip", "primary_ips", [&](json& each) { older_ip(world, each); });
  for_each_in(body, "server_type", "server_types", [](json& each) { older_type(each); });
  for_each_in(body, "image", "images", [](json& each) { older_image(each); });
}

void make_newer(const World& world, const std::string& path, json& body) {
  const bool orders = path == "/v1/servers" || path == "/v1/primary_ips";
  const auto given = body.find("datacenter");
  if (!orders || given == body.end()) return;
  const auto* place = given->is_null() ? nullptr : find_datacenter_place(world, *given);
  if (!given->is_null() && !place) throw invalid("datacenter", "datacenter not found");
  if (place && body.contains("location"))
    throw invalid("datacenter", "location and datacenter exclude each other");
  if (place) body["location"] = place->at("name");
  body.erase("datacenter");
}

Reply list_datacenters(Call& call) {
  std::vector<json> all;
  for (const auto& place : call.world.catalogue.locations) all.push_back(datacenter_in(call.world, place));
  auto reply = listed(call, "datacenters", std::move(all));
  reply.body["recommendation"] = call.world.catalogue.datacenter("fsn1").at("id");
  return reply;
}

Reply get_datacenter(Call& call) {
  const auto* place = find_datacenter_place(call.world, call.ids.front());
  if (!place) throw not_found("datacenter");
  return {200, {{"datacenter", datacenter_in(call.world, *place)}}};
}

}  // namespace hetzner::simulator
