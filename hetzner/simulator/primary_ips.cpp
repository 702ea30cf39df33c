#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

PrimaryIp& ip_of(Call& call) { return call.project.primary_ip(call.ids.front()); }

/// A server that can take an address of this type: off, in its place, without one.
Server& assignee(Call& call, const std::string& type, const std::string& location) {
  if (call.find_text("assignee_type").value_or("server") != "server")
    throw invalid("assignee_type", "must be server");
  auto* server = call.project.find_server(call.integer("assignee_id"));
  if (!server || server->deleting) throw invalid("assignee_id", "server not found");
  if (!location.empty() && server->location != location)
    throw Refusal(422, "primary_ip_datacenter_mismatch",
                  "primary IP and server have to be in the same location");
  call.project.require_unlocked(*server);
  if (server->status != "off") throw Refusal(422, "server_not_stopped", "the server must be off");
  if (type == "ipv4" && server->ipv4) throw Refusal(422, "server_has_ipv4", "the server already has an IPv4");
  if (type == "ipv6" && server->ipv6) throw Refusal(422, "server_has_ipv6", "the server already has an IPv6");
  return *server;
}

Action& start_assign(Call& call, const PrimaryIp& ip, const Server& server) {
  return call.project.start("assign_primary_ip", {{ip.id, "primary_ip"}, {server.id, "server"}}, 2);
}

void charge(Call& call, const PrimaryIp& ip) {
  if (ip.type != "ipv4") return;
  call.project.charge({.resource = "primary_ip",
                       .id = ip.id,
                       .hourly = call.world.catalogue.ipv4_hourly,
                       .monthly = call.world.catalogue.ipv4_monthly,
                       .from = ip.created});
}

}  // namespace

Reply list_primary_ips(Call& call) {
  std::vector<json> all;
  for (const auto& [id, ip] : call.project.held.primary_ips) all.push_back(shown(call.world, ip));
  return listed(call, "primary_ips", std::move(all), {"ip"});
}

Reply get_primary_ip(Call& call) { return {200, {{"primary_ip", shown(call.world, ip_of(call))}}}; }

Reply create_primary_ip(Call& call) {
  call.only({"name", "type", "location", "assignee_id", "assignee_type", "auto_delete", "labels"});
  PrimaryIp ip;
  ip.name = call.text("name");
  require_free_name(ip.name);
  ip.type = call.text("type");
  if (ip.type != "ipv4" && ip.type != "ipv6") throw invalid("type", "must be ipv4 or ipv6");
  ip.labels = call.labels();
  ip.auto_delete = call.flag("auto_delete", false);
  const auto* server = call.field("assignee_id") ? &assignee(call, ip.type, "") : nullptr;
  if (server && call.field("location"))
    throw invalid("location", "location and assignee_id exclude each other");
  ip.location = server ? server->location : call.location().at("name").get<std::string>();
  require_unique(call.project.held.primary_ips, ip.name);
  if (ip.type == "ipv4") ip.ip = call.world.free_ipv4();
  ip.id = call.world.next_id();
  if (ip.type == "ipv6") ip.ip = "2001:db8:" + std::to_string(ip.id % 10000) + "::/64";
  ip.created = call.world.billing_time();
  const auto& kept = call.project.held.primary_ips[ip.id] = ip;
  charge(call, kept);
  json action;
  if (server) action = shown(call.world, start_assign(call, kept, *server));
  return {201, {{"primary_ip", shown(call.world, kept)}, {"action", action}}};
}

Reply update_primary_ip(Call& call) {
  call.only({"name", "labels", "auto_delete"});
  auto& ip = ip_of(call);
  const auto name = call.find_text("name");
  if (name) {
    require_free_name(*name);
    require_unique(call.project.held.primary_ips, *name, ip.id);
  }
  const bool auto_delete = call.flag("auto_delete", ip.auto_delete);
  if (call.field("labels")) ip.labels = call.labels();
  ip.auto_delete = auto_delete;
  if (name) ip.name = *name;
  return get_primary_ip(call);
}

Reply delete_primary_ip(Call& call) {
  auto& ip = ip_of(call);
  if (ip.protect_delete) throw is_protected("primary IP");
  if (ip.server) throw Refusal(422, "must_be_unassigned", "primary IP must be unassigned");
  call.project.require_unlocked(ip);
  call.project.end_charge(ip.id, "primary_ip");
  call.project.held.primary_ips.erase(ip.id);
  return {204, nullptr};
}

Reply assign_primary_ip(Call& call) {
  call.only({"assignee_id", "assignee_type"});
  auto& ip = ip_of(call);
  if (ip.server) throw Refusal(422, "primary_ip_already_assigned", "primary IP is already assigned");
  call.project.require_unlocked(ip);
  const auto& server = assignee(call, ip.type, ip.location);
  return action_reply(call, start_assign(call, ip, server));
}

Reply unassign_primary_ip(Call& call) {
  call.only({});
  auto& ip = ip_of(call);
  call.project.require_unlocked(ip);
  if (!ip.server) throw invalid("assignee_id", "primary IP is not assigned");
  const auto& server = call.project.server(ip.server);
  if (server.status != "off") throw Refusal(422, "server_not_stopped", "the server must be off");
  const std::vector<Resource> both{{ip.id, "primary_ip"}, {server.id, "server"}};
  return action_reply(call, call.project.start("unassign_primary_ip", both, 2));
}

Reply protect_primary_ip(Call& call) {
  call.only({"delete"});
  auto& ip = ip_of(call);
  call.project.require_unlocked(ip);
  const bool on = call.flag("delete", ip.protect_delete);
  if (on && ip.auto_delete) throw invalid("delete", "an IP with auto_delete cannot be protected");
  ip.protect_delete = on;
  return action_reply(call, call.project.start("change_protection", {{ip.id, "primary_ip"}}, 0));
}

}  // namespace hetzner::simulator
