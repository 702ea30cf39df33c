#include <algorithm>

#include "hetzner/simulator/firewall_rules.hpp"
#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/network_parts.hpp"
#include "hetzner/simulator/placement.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t largest_user_data = 32 * 1024;

/// What a create request asks for, all of it checked before anything is made.
struct Order {
  const ServerType* type = nullptr;
  const Offer* offer = nullptr;
  const Image* image = nullptr;
  std::vector<Volume*> volumes;
  std::vector<Id> networks;
  PrimaryIp* ipv4 = nullptr;
  PrimaryIp* ipv6 = nullptr;
  bool want_ipv4 = true, want_ipv6 = true, start = true;
  Server server;
};

Id id_in(const json& value, const std::string& field) {
  if (const auto id = find_id(value)) return *id;
  throw invalid(field, "must be an id");
}

void read_type(Call& call, Order& order) {
  order.type = call.world.catalogue.find_type(call.needed("server_type"));
  if (!order.type) throw invalid("server_type", "server type not found");
  order.image = call.project.find_image(call.needed("image"), order.type->architecture);
  if (!order.image) throw invalid("image", "image not found");
  if (order.image->creating) throw invalid("image", "image is not available yet");
  if (order.image->architecture != order.type->architecture)
    throw invalid("image", "the image's architecture does not match the server type's");
  if (order.image->disk_size > order.type->disk)
    throw invalid("image", "the image needs a larger disk than the server type has");
}

void read_volumes(Call& call, Order& order) {
  for (const auto& value : call.list("volumes")) {
    const auto found = call.project.held.volumes.find(id_in(value, "volumes"));
    if (found == call.project.held.volumes.end()) throw invalid("volumes", "volume not found");
    order.volumes.push_back(&found->second);
  }
}

PrimaryIp* ip_of(Call& call, const json& net, const std::string& family) {
  const auto value = net.find(family);
  if (value == net.end() || value->is_null()) return nullptr;
  const auto found = call.project.held.primary_ips.find(id_in(*value, "public_net." + family));
  if (found == call.project.held.primary_ips.end())
    throw invalid("public_net." + family, "primary IP not found");
  if (found->second.type != family)
    throw Refusal(412, "primary_ip_version_mismatch", "primary IP is of another version");
  return &found->second;
}

void read_net(Call& call, Order& order) {
  const auto* net = call.field("public_net");
  if (!net) return;
  if (!net->is_object()) throw invalid("public_net", "must be an object");
  for (const auto& [key, value] : net->items())
    if (key != "enable_ipv4" && key != "enable_ipv6" && key != "ipv4" && key != "ipv6")
      throw invalid("public_net." + key, "unknown field name '" + key + "'");
  const auto wanted = [&](const char* key) {
    const auto value = member(*net, key);
    if (!value.is_null() && !value.is_boolean())
      throw invalid(std::string("public_net.") + key, "must be true or false");
    return value.is_null() || value.get<bool>();
  };
  order.want_ipv4 = wanted("enable_ipv4");
  order.want_ipv6 = wanted("enable_ipv6");
  if (order.want_ipv4) order.ipv4 = ip_of(call, *net, "ipv4");
  if (order.want_ipv6) order.ipv6 = ip_of(call, *net, "ipv6");
}

void read_group(Call& call, Order& order) {
  if (!call.field("placement_group")) return;
  const auto id = id_in(call.needed("placement_group"), "placement_group");
  if (!call.project.held.placement_groups.contains(id))
    throw invalid("placement_group", "placement group not found");
  require_room(call.project, id);
  order.server.placement_group = id;
}

void read_networks(Call& call, Order& order) {
  for (const auto& value : call.list("networks")) {
    const auto id = id_in(value, "networks");
    if (!call.project.held.networks.contains(id)) throw invalid("networks", "network not found");
    order.networks.push_back(id);
  }
}

/// Each of them has an address for it, when its location is known.
void join_networks(Call& call, Order& order) {
  for (const auto id : order.networks)
    order.server.private_nets.push_back(place_in(call, order.server, {.network = id}));
}

/// The location asked for; without one that of the volume or address, else the first that sells the type.
std::string location_of(Call& call, const Order& order) {
  if (call.field("location")) return call.location().at("name");
  if (!order.volumes.empty()) return order.volumes.front()->location;
  if (order.ipv4) return order.ipv4->location;
  for (const auto& offer : order.type->offers)
    if (!offer.deprecated && call.world.is_in_stock(*order.type, offer)) return offer.location;
  throw Refusal(412, "resource_unavailable", "error during placement");
}

void check_place(Call& call, Order& order) {
  const auto location = location_of(call, order);
  order.offer = order.type->find_offer(location);
  if (!order.offer || order.offer->deprecated)
    throw invalid("server_type", "unsupported location for server type");
  for (const auto* volume : order.volumes) {
    if (volume->location != location)
      throw invalid("volumes", "volume and server have to be in the same location");
    if (volume->server || volume->pledged)
      throw Refusal(422, "volume_already_attached", "volume is already attached to a server");
    call.project.require_unlocked(*volume);
  }
  for (const auto* ip : {order.ipv4, order.ipv6}) {
    if (!ip) continue;
    if (ip->location != location)
      throw Refusal(422, "primary_ip_datacenter_mismatch",
                    "primary IP and server have to be in the same location");
    if (ip->server) throw Refusal(422, "primary_ip_assigned", "primary IP is already assigned");
    call.project.require_unlocked(*ip);
  }
}

void read_keys(Call& call, Order& order) {
  for (const auto& value : call.list("ssh_keys")) {
    const auto id = find_id(value);
    const auto& keys = call.project.held.ssh_keys;
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& key) {
      return id ? key.first == *id : value == key.second.name;
    });
    if (found == keys.end()) throw invalid("ssh_keys", "SSH key not found");
    order.server.ssh_keys.push_back(found->first);
  }
  for (const auto& value : call.list("firewalls")) {
    const auto id = value.is_object() ? value.value("firewall", json()) : json();
    if (!id.is_number_integer() || !call.project.held.firewalls.contains(id.get<Id>()))
      throw invalid("firewalls", "firewall not found");
    order.server.firewalls.push_back(id.get<Id>());
  }
  if (order.server.firewalls.size() > most_firewalls)
    throw Refusal(422, "resource_limit_exceeded", "a server has at most 5 firewalls");
}

Id implicit_ip(Call& call, const Server& server, const std::string& family) {
  PrimaryIp ip;
  ip.ip = family == "ipv4" ? call.world.free_ipv4() : "";
  ip.id = call.world.next_id();
  ip.type = family;
  ip.name = "primary_ip-" + std::to_string(ip.id);
  if (family == "ipv6") ip.ip = "2001:db8:" + std::to_string(ip.id % 10000) + "::/64";
  ip.location = server.location;
  ip.auto_delete = true;
  ip.created = server.created;
  if (family == "ipv4")
    call.project.charge({.resource = "primary_ip",
                         .id = ip.id,
                         .hourly = call.world.catalogue.ipv4_hourly,
                         .monthly = call.world.catalogue.ipv4_monthly,
                         .from = ip.created});
  call.project.held.primary_ips[ip.id] = ip;
  return ip.id;
}

Server& make(Call& call, Order& order) {
  auto& server = order.server;
  server.created = call.world.billing_time();
  server.ipv4 = order.ipv4 ? order.ipv4->id : order.want_ipv4 ? implicit_ip(call, server, "ipv4") : 0;
  server.ipv6 = order.ipv6 ? order.ipv6->id : order.want_ipv6 ? implicit_ip(call, server, "ipv6") : 0;
  server.id = call.world.next_id();
  for (const auto ip : {server.ipv4, server.ipv6})
    if (ip) call.project.held.primary_ips[ip].server = server.id;
  for (auto* volume : order.volumes) volume->pledged = server.id;
  server.status = "initializing";
  server.behaviour = call.world.behaviour;
  if (server.behaviour.idle_from != never) server.behaviour.idle_from = call.world.now();
  call.project.charge({.resource = "server",
                       .id = server.id,
                       .hourly = order.offer->hourly,
                       .monthly = order.offer->monthly,
                       .from = server.created});
  return call.project.held.servers[server.id] = server;
}

Reply answer(Call& call, const Order& order, const Server& server) {
  const Resource self{server.id, "server"};
  auto& project = call.project;
  const auto create =
      project
          .start("create_server", {self, {order.image->id, "image"}}, order.image->type == "system" ? 8 : 60)
          .id;
  std::vector<Id> next;
  auto last = create;
  if (order.start) next.push_back(last = project.start("start_server", {self}, 3, create).id);
  for (const auto* volume : order.volumes)
    next.push_back(last = project.start("attach_volume", {self, {volume->id, "volume"}}, 2, last).id);
  for (const auto& net : server.private_nets)
    next.push_back(project.start("attach_to_network", {self, {net.network, "network"}}, 2, create).id);
  for (const auto firewall : server.firewalls)
    next.push_back(project.start("apply_firewall", {self, {firewall, "firewall"}}, 1, create).id);
  json next_actions = json::array();
  for (const auto id : next) next_actions.push_back(shown(call.world, project.held.actions.at(id)));
  const bool with_password = server.ssh_keys.empty();
  return {201,
          {{"server", shown(call.world, project, server)},
           {"action", shown(call.world, project.held.actions.at(create))},
           {"next_actions", std::move(next_actions)},
           {"root_password", with_password ? json(call.world.random.hex(10)) : json()}}};
}

}  // namespace

Reply create_server(Call& call) {
  call.only({"name", "server_type", "image", "location", "ssh_keys", "volumes", "automount", "user_data",
             "labels", "networks", "firewalls", "placement_group", "start_after_create", "public_net"});
  Order order;
  auto& server = order.server;
  server.name = call.text("name");
  require_host_name(server.name);
  server.labels = call.labels();
  server.user_data = call.find_text("user_data").value_or("");
  if (server.user_data.size() > largest_user_data)
    throw invalid("user_data", "must not be longer than 32768 bytes");
  order.start = call.flag("start_after_create", true);
  read_type(call, order);
  read_volumes(call, order);
  read_net(call, order);
  read_keys(call, order);
  read_networks(call, order);
  read_group(call, order);
  require_unique(call.project.held.servers, server.name);
  check_place(call, order);
  if (!call.world.is_in_stock(*order.type, *order.offer))
    throw Refusal(412, "resource_unavailable", "error during placement");
  server.location = order.offer->location;
  join_networks(call, order);
  server.type = order.type->name;
  server.image = order.image->id;
  server.disk = order.type->disk;
  const auto& made = make(call, order);
  return answer(call, order, made);
}

}  // namespace hetzner::simulator
