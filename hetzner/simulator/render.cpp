#include "hetzner/simulator/render.hpp"

#include <algorithm>

#include "hetzner/simulator/units.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

const json& location(const World& world, const std::string& name) {
  static const json none;
  const auto* found = world.catalogue.find_location(name);
  return found ? *found : none;
}

}  // namespace

json ref(Id id) { return id ? json(id) : json(); }

json price(const World& world, std::int64_t net) {
  return {{"net", decimal10(net)}, {"gross", gross16(net, world.catalogue.vat_percent)}};
}

json shown(const World& world, const Action& action) {
  int progress = action.is_running() ? 0 : 100;
  if (action.is_running() && action.begun != never && action.length.count() > 0)
    progress = static_cast<int>(std::clamp<std::int64_t>((world.now() - action.begun) * 100 / action.length,
                                                         0, action.hooked ? 90 : 99));
  json resources = json::array();
  for (const auto& each : action.resources) resources.push_back({{"id", each.id}, {"type", each.type}});
  json error;
  if (!action.is_running() && !action.error_code.empty())
    error = {{"code", action.error_code}, {"message", action.error_message}};
  return {{"id", action.id},
          {"command", action.command},
          {"status", action.status},
          {"progress", progress},
          {"started", rfc3339(action.started)},
          {"finished", action.is_running() ? json() : json(rfc3339(action.finished))},
          {"resources", std::move(resources)},
          {"error", std::move(error)}};
}

json shown(const World& world, Project& project, const Server& server) {
  const auto& type = world.catalogue.type(server.type);
  const auto* offer = type.find_offer(server.location);
  const auto* image = project.find_image(server.image);
  const auto* iso = server.iso ? world.catalogue.find_iso(server.iso) : nullptr;
  const auto& groups = project.held.placement_groups;
  const auto group = groups.find(server.placement_group);
  json volumes = json::array();
  for (const auto* volume : project.volumes_of(server.id)) volumes.push_back(volume->id);
  return {{"id", server.id},
          {"name", server.name},
          {"status", server.status},
          {"created", rfc3339(server.created)},
          {"public_net", public_net(project, server)},
          {"private_net", private_nets(server)},
          {"server_type", shown(world, type)},
          {"location", location(world, server.location)},
          {"image", image ? shown(*image) : json()},
          {"iso", iso ? *iso : json()},
          {"rescue_enabled", server.rescue},
          {"locked", project.has_running(server.id, "server")},
          {"backup_window", server.backup_window.empty() ? json() : json(server.backup_window)},
          {"outgoing_traffic", 0},
          {"ingoing_traffic", 0},
          {"included_traffic", offer ? offer->traffic : 0},
          {"protection", {{"delete", server.protect_delete}, {"rebuild", server.protect_rebuild}}},
          {"labels", server.labels},
          {"volumes", std::move(volumes)},
          {"load_balancers", json::array()},
          {"primary_disk_size", server.disk ? server.disk : type.disk},
          {"placement_group", group == groups.end() ? json() : shown(project, group->second)}};
}

json shown(const World& world, const Volume& volume) {
  return {{"id", volume.id},
          {"name", volume.name},
          {"size", volume.size},
          {"server", ref(volume.server)},
          {"status", volume.status},
          {"location", location(world, volume.location)},
          {"format", volume.format.empty() ? json() : json(volume.format)},
          {"linux_device", "/dev/disk/by-id/scsi-0HC_Volume_" + std::to_string(volume.id)},
          {"protection", {{"delete", volume.protect_delete}}},
          {"labels", volume.labels},
          {"created", rfc3339(volume.created)}};
}

json shown(const World& world, const PrimaryIp& ip) {
  return {{"id", ip.id},
          {"name", ip.name},
          {"type", ip.type},
          {"ip", ip.ip},
          {"assignee_id", ref(ip.server)},
          {"assignee_type", ip.server ? "server" : "unassigned"},
          {"auto_delete", ip.auto_delete},
          {"blocked", false},
          {"created", rfc3339(ip.created)},
          {"location", location(world, ip.location)},
          {"dns_ptr", pointers_of(ip)},
          {"labels", ip.labels},
          {"protection", {{"delete", ip.protect_delete}}}};
}

json shown(const Image& image) {
  const bool of_system = image.type == "system";
  json from;
  if (image.from) from = {{"id", image.from}, {"name", image.from_name}};
  return {{"id", image.id},
          {"type", image.type},
          {"status", image.creating ? "creating" : "available"},
          {"name", of_system ? json(image.name) : json()},
          {"description", image.description},
          {"image_size", of_system || image.creating ? json() : json(image.image_size)},
          {"disk_size", image.disk_size},
          {"created", rfc3339(image.created)},
          {"created_from", std::move(from)},
          {"bound_to", ref(image.bound)},
          {"os_flavor", image.os_flavor},
          {"os_version", image.os_version.empty() ? json() : json(image.os_version)},
          {"architecture", image.architecture},
          {"rapid_deploy", of_system},
          {"protection", {{"delete", image.protect_delete}}},
          {"deleted", nullptr},
          {"labels", image.labels},
          {"deprecation", nullptr}};
}

json shown(const SshKey& key) {
  return {{"id", key.id},
          {"name", key.name},
          {"fingerprint", key.fingerprint},
          {"public_key", key.public_key},
          {"labels", key.labels},
          {"created", rfc3339(key.created)}};
}

json shown(const World& world, const ServerType& type) {
  json prices = json::array(), locations = json::array();
  for (const auto& offer : type.offers) {
    const auto& place = location(world, offer.location);
    prices.push_back(
        {{"location", offer.location},
         {"price_hourly", price(world, offer.hourly)},
         {"price_monthly", price(world, offer.monthly)},
         {"included_traffic", offer.traffic},
         {"price_per_tb_traffic", price(world, money(offer.location == "sin" ? "7.40" : "1.00"))}});
    json deprecation;
    if (offer.deprecated)
      deprecation = {{"announced", world.catalogue.retired_announced},
                     {"unavailable_after", world.catalogue.retired_after}};
    locations.push_back({{"id", place.at("id")},
                         {"name", offer.location},
                         {"recommended", offer.recommended},
                         {"available", world.is_shown_available(type, offer)},
                         {"deprecation", std::move(deprecation)}});
  }
  return {{"id", type.id},
          {"name", type.name},
          {"description", type.description},
          {"category", type.category},
          {"cores", type.cores},
          {"memory", type.memory},
          {"disk", type.disk},
          {"storage_type", "local"},
          {"cpu_type", type.cpu_type},
          {"architecture", type.architecture},
          {"prices", std::move(prices)},
          {"locations", std::move(locations)},
          {"deprecation", nullptr}};
}

}  // namespace hetzner::simulator
