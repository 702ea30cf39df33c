#pragma once
#include <string>

#include "hetzner/simulator/call.hpp"

namespace hetzner::simulator {

/// What answers a request: throws Refusal for anything but success.
using Answer = Reply (*)(Call&);

/// Finds the answer to a method and a path below /v1 in the table of everything the simulator knows, and
/// fills in the ids; throws Refusal 404, 405 or 410. Datacenters are found in the older shape only.
Answer route(const std::string& method, const std::string& path, std::vector<Id>& ids, bool is_older);
/// That table, or the older one: [{method, path}], with `{id}` in the paths.
nlohmann::json all_routes(bool is_older);

// servers.cpp, server_create.cpp, server_actions.cpp
Reply list_servers(Call&);
Reply get_server(Call&);
Reply update_server(Call&);
Reply delete_server(Call&);
Reply create_server(Call&);
Reply power_on_server(Call&);
Reply power_off_server(Call&);
Reply shutdown_server(Call&);
Reply reboot_server(Call&);
Reply reset_server(Call&);
Reply protect_server(Call&);
// server_changes.cpp
Reply rebuild_server(Call&);
Reply change_server_type(Call&);
Reply create_image(Call&);
// server_access.cpp
Reply enable_rescue(Call&);
Reply disable_rescue(Call&);
Reply reset_password(Call&);
Reply request_console(Call&);
// metrics.cpp
Reply get_metrics(Call&);
// volumes.cpp
Reply list_volumes(Call&);
Reply get_volume(Call&);
Reply create_volume(Call&);
Reply update_volume(Call&);
Reply delete_volume(Call&);
Reply attach_volume(Call&);
Reply detach_volume(Call&);
Reply resize_volume(Call&);
Reply protect_volume(Call&);
// primary_ips.cpp
Reply list_primary_ips(Call&);
Reply get_primary_ip(Call&);
Reply create_primary_ip(Call&);
Reply update_primary_ip(Call&);
Reply delete_primary_ip(Call&);
Reply assign_primary_ip(Call&);
Reply unassign_primary_ip(Call&);
Reply protect_primary_ip(Call&);
// images.cpp
Reply list_images(Call&);
Reply get_image(Call&);
Reply update_image(Call&);
Reply delete_image(Call&);
Reply protect_image(Call&);
// ssh_keys.cpp, firewalls.cpp
Reply list_ssh_keys(Call&);
Reply get_ssh_key(Call&);
Reply create_ssh_key(Call&);
Reply update_ssh_key(Call&);
Reply delete_ssh_key(Call&);
Reply list_firewalls(Call&);
Reply get_firewall(Call&);
Reply create_firewall(Call&);
Reply update_firewall(Call&);
Reply delete_firewall(Call&);
// firewall_actions.cpp
Reply set_firewall_rules(Call&);
Reply apply_firewall_to_resources(Call&);
Reply remove_firewall_from_resources(Call&);
// market.cpp
Reply list_locations(Call&);
Reply get_location(Call&);
Reply list_server_types(Call&);
Reply get_server_type(Call&);
Reply get_pricing(Call&);
// shape.cpp
Reply list_datacenters(Call&);
Reply get_datacenter(Call&);
// isos.cpp, dns_pointers.cpp, backups.cpp
Reply list_isos(Call&);
Reply get_iso(Call&);
Reply attach_iso(Call&);
Reply detach_iso(Call&);
Reply change_server_dns_ptr(Call&);
Reply change_primary_ip_dns_ptr(Call&);
Reply enable_backup(Call&);
Reply disable_backup(Call&);
// networks.cpp, network_actions.cpp, server_networks.cpp
Reply list_networks(Call&);
Reply get_network(Call&);
Reply list_network_members(Call&);
Reply create_network(Call&);
Reply update_network(Call&);
Reply delete_network(Call&);
Reply add_subnet(Call&);
Reply delete_subnet(Call&);
Reply add_route(Call&);
Reply delete_route(Call&);
Reply change_ip_range(Call&);
Reply protect_network(Call&);
Reply attach_to_network(Call&);
Reply detach_from_network(Call&);
Reply change_alias_ips(Call&);
// placement_groups.cpp
Reply list_placement_groups(Call&);
Reply get_placement_group(Call&);
Reply create_placement_group(Call&);
Reply update_placement_group(Call&);
Reply delete_placement_group(Call&);
Reply add_to_placement_group(Call&);
Reply remove_from_placement_group(Call&);
// actions.cpp
/// 201 with the action that was started.
Reply action_reply(const Call&, const Action&);
Reply list_actions(Call&);
Reply get_action(Call&);
Reply list_server_actions(Call&);
Reply list_volume_actions(Call&);
Reply list_primary_ip_actions(Call&);
Reply list_image_actions(Call&);
Reply list_network_actions(Call&);
Reply list_firewall_actions(Call&);
Reply list_all_server_actions(Call&);
Reply list_all_volume_actions(Call&);
Reply list_all_primary_ip_actions(Call&);
Reply list_all_image_actions(Call&);
Reply list_all_network_actions(Call&);
Reply list_all_firewall_actions(Call&);

}  // namespace hetzner::simulator
