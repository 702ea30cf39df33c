#include "hetzner/simulator/routes.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "hetzner/simulator/refusal.hpp"

namespace hetzner::simulator {
namespace {

struct Route {
  std::string_view method, path;
  Answer answer;
};

constexpr Route routes[] = {
    {"GET", "/servers", list_servers},
    {"POST", "/servers", create_server},
    {"GET", "/servers/{id}", get_server},
    {"PUT", "/servers/{id}", update_server},
    {"DELETE", "/servers/{id}", delete_server},
    {"GET", "/servers/{id}/metrics", get_metrics},
    {"GET", "/servers/{id}/actions", list_server_actions},
    {"POST", "/servers/{id}/actions/poweron", power_on_server},
    {"POST", "/servers/{id}/actions/poweroff", power_off_server},
    {"POST", "/servers/{id}/actions/shutdown", shutdown_server},
    {"POST", "/servers/{id}/actions/reboot", reboot_server},
    {"POST", "/servers/{id}/actions/reset", reset_server},
    {"POST", "/servers/{id}/actions/change_protection", protect_server},
    {"POST", "/servers/{id}/actions/rebuild", rebuild_server},
    {"POST", "/servers/{id}/actions/change_type", change_server_type},
    {"POST", "/servers/{id}/actions/create_image", create_image},
    {"POST", "/servers/{id}/actions/enable_rescue", enable_rescue},
    {"POST", "/servers/{id}/actions/disable_rescue", disable_rescue},
    {"POST", "/servers/{id}/actions/reset_password", reset_password},
    {"POST", "/servers/{id}/actions/request_console", request_console},
    {"POST", "/servers/{id}/actions/attach_iso", attach_iso},
    {"POST", "/servers/{id}/actions/detach_iso", detach_iso},
    {"POST", "/servers/{id}/actions/change_dns_ptr", change_server_dns_ptr},
    {"POST", "/servers/{id}/actions/enable_backup", enable_backup},
    {"POST", "/servers/{id}/actions/disable_backup", disable_backup},
    {"POST", "/servers/{id}/actions/attach_to_network", attach_to_network},
    {"POST", "/servers/{id}/actions/detach_from_network", detach_from_network},
    {"POST", "/servers/{id}/actions/change_alias_ips", change_alias_ips},
    {"POST", "/servers/{id}/actions/add_to_placement_group", add_to_placement_group},
    {"POST", "/servers/{id}/actions/remove_from_placement_group", remove_from_placement_group},
    {"GET", "/servers/{id}/actions/{id}", get_action},
    {"GET", "/servers/actions", list_all_server_actions},
    {"GET", "/servers/actions/{id}", get_action},
    {"GET", "/volumes", list_volumes},
    {"POST", "/volumes", create_volume},
    {"GET", "/volumes/{id}", get_volume},
    {"PUT", "/volumes/{id}", update_volume},
    {"DELETE", "/volumes/{id}", delete_volume},
    {"GET", "/volumes/{id}/actions", list_volume_actions},
    {"GET", "/volumes/{id}/actions/{id}", get_action},
    {"GET", "/volumes/actions", list_all_volume_actions},
    {"GET", "/volumes/actions/{id}", get_action},
    {"POST", "/volumes/{id}/actions/attach", attach_volume},
    {"POST", "/volumes/{id}/actions/detach", detach_volume},
    {"POST", "/volumes/{id}/actions/resize", resize_volume},
    {"POST", "/volumes/{id}/actions/change_protection", protect_volume},
    {"GET", "/primary_ips", list_primary_ips},
    {"POST", "/primary_ips", create_primary_ip},
    {"GET", "/primary_ips/{id}", get_primary_ip},
    {"PUT", "/primary_ips/{id}", update_primary_ip},
    {"DELETE", "/primary_ips/{id}", delete_primary_ip},
    {"GET", "/primary_ips/{id}/actions", list_primary_ip_actions},
    {"GET", "/primary_ips/{id}/actions/{id}", get_action},
    {"GET", "/primary_ips/actions", list_all_primary_ip_actions},
    {"GET", "/primary_ips/actions/{id}", get_action},
    {"POST", "/primary_ips/{id}/actions/assign", assign_primary_ip},
    {"POST", "/primary_ips/{id}/actions/unassign", unassign_primary_ip},
    {"POST", "/primary_ips/{id}/actions/change_protection", protect_primary_ip},
    {"POST", "/primary_ips/{id}/actions/change_dns_ptr", change_primary_ip_dns_ptr},
    {"GET", "/images", list_images},
    {"GET", "/images/{id}", get_image},
    {"PUT", "/images/{id}", update_image},
    {"DELETE", "/images/{id}", delete_image},
    {"GET", "/images/{id}/actions", list_image_actions},
    {"GET", "/images/{id}/actions/{id}", get_action},
    {"GET", "/images/actions", list_all_image_actions},
    {"GET", "/images/actions/{id}", get_action},
    {"POST", "/images/{id}/actions/change_protection", protect_image},
    {"GET", "/ssh_keys", list_ssh_keys},
    {"POST", "/ssh_keys", create_ssh_key},
    {"GET", "/ssh_keys/{id}", get_ssh_key},
    {"PUT", "/ssh_keys/{id}", update_ssh_key},
    {"DELETE", "/ssh_keys/{id}", delete_ssh_key},
    {"GET", "/firewalls", list_firewalls},
    {"POST", "/firewalls", create_firewall},
    {"GET", "/firewalls/{id}", get_firewall},
    {"PUT", "/firewalls/{id}", update_firewall},
    {"DELETE", "/firewalls/{id}", delete_firewall},
    {"GET", "/firewalls/{id}/actions", list_firewall_actions},
    {"GET", "/firewalls/{id}/actions/{id}", get_action},
    {"GET", "/firewalls/actions", list_all_firewall_actions},
    {"GET", "/firewalls/actions/{id}", get_action},
    {"POST", "/firewalls/{id}/actions/set_rules", set_firewall_rules},
    {"POST", "/firewalls/{id}/actions/apply_to_resources", apply_firewall_to_resources},
    {"POST", "/firewalls/{id}/actions/remove_from_resources", remove_firewall_from_resources},
    {"GET", "/networks", list_networks},
    {"POST", "/networks", create_network},
    {"GET", "/networks/{id}", get_network},
    {"PUT", "/networks/{id}", update_network},
    {"DELETE", "/networks/{id}", delete_network},
    {"GET", "/networks/{id}/members", list_network_members},
    {"GET", "/networks/{id}/actions", list_network_actions},
    {"GET", "/networks/{id}/actions/{id}", get_action},
    {"GET", "/networks/actions", list_all_network_actions},
    {"GET", "/networks/actions/{id}", get_action},
    {"POST", "/networks/{id}/actions/add_subnet", add_subnet},
    {"POST", "/networks/{id}/actions/delete_subnet", delete_subnet},
    {"POST", "/networks/{id}/actions/add_route", add_route},
    {"POST", "/networks/{id}/actions/delete_route", delete_route},
    {"POST", "/networks/{id}/actions/change_ip_range", change_ip_range},
    {"POST", "/networks/{id}/actions/change_protection", protect_network},
    {"GET", "/placement_groups", list_placement_groups},
    {"POST", "/placement_groups", create_placement_group},
    {"GET", "/placement_groups/{id}", get_placement_group},
    {"PUT", "/placement_groups/{id}", update_placement_group},
    {"DELETE", "/placement_groups/{id}", delete_placement_group},
    {"GET", "/locations", list_locations},
    {"GET", "/locations/{id}", get_location},
    {"GET", "/server_types", list_server_types},
    {"GET", "/server_types/{id}", get_server_type},
    {"GET", "/datacenters", list_datacenters},
    {"GET", "/datacenters/{id}", get_datacenter},
    {"GET", "/pricing", get_pricing},
    {"GET", "/isos", list_isos},
    {"GET", "/isos/{id}", get_iso},
    {"GET", "/actions", list_actions},
    {"GET", "/actions/{id}", get_action},
};

bool is_of_datacenters(std::string_view path) {
  return path == "/datacenters" || path.starts_with("/datacenters/");
}

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

std::optional<std::vector<Id>> match(std::string_view pattern, std::string_view path) {
  std::vector<Id> ids;
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const auto wanted = take_segment(pattern), given = take_segment(path);
    if (wanted != "{id}") {
      if (wanted != given) return std::nullopt;
      continue;
    }
    Id id = 0;
    const auto [stop, failure] = std::from_chars(given.data(), given.data() + given.size(), id);
    if (failure != std::errc() || stop != given.data() + given.size()) return std::nullopt;
    ids.push_back(id);
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return ids;
}

}  // namespace

nlohmann::json all_routes(bool is_older) {
  auto all = nlohmann::json::array();
  for (const auto& each : routes)
    if (is_older || !is_of_datacenters(each.path))
      all.push_back({{"method", each.method}, {"path", each.path}});
  return all;
}

Answer route(const std::string& method, const std::string& path, std::vector<Id>& ids, bool is_older) {
  if (!is_older && is_of_datacenters(path))
    throw Refusal(410, "deprecated_api_endpoint", "API endpoint has been removed",
                  {{"announcement", "https://docs.hetzner.cloud/changelog#2026-07-01-removing-datacenters"}});
  bool other_method = false;
  for (const auto& each : routes) {
    auto found = match(each.path, path);
    if (!found) continue;
    if (each.method == method) {
      ids = std::move(*found);
      return each.answer;
    }
    other_method = true;
  }
  if (other_method) throw Refusal(405, "method_not_allowed", "method not allowed");
  throw not_found("page");
}

}  // namespace hetzner::simulator
