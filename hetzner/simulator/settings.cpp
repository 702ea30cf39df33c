#include <algorithm>

#include "hetzner/simulator/backups.hpp"
#include "hetzner/simulator/project.hpp"

/// What the smaller changes come to when their action has ended.
namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr auto usual_window = "22-02";

}  // namespace

void Project::take_settings(const Action& action, Server* server) {
  const auto& command = action.command;
  if (const auto network = held.networks.find(action.find("network")); network != held.networks.end())
    take_network(action, network->second, server);
  if (command == "change_dns_ptr") {
    const auto ip = held.primary_ips.find(action.what.at("of").get<Id>());
    if (ip == held.primary_ips.end()) return;
    const auto address = action.what.at("ip").get<std::string>();
    ip->second.pointers.erase(address);
    if (const auto& name = action.what.at("dns_ptr"); name.is_string()) ip->second.pointers[address] = name;
  }
  if (!server) return;
  if (command == "attach_iso" || command == "detach_iso") server->iso = action.amount;
  if (command == "remove_from_placement_group") server->placement_group = 0;
  if (command == "remove_firewall") std::erase(server->firewalls, action.find("firewall"));
  if (command == "enable_backup" && server->backup_window.empty()) {
    server->backup_window = usual_window;
    charge_backups(*this, world_, *server);
  }
  if (command == "disable_backup") {
    server->backup_window.clear();
    end_charge(server->id, "backup");
    remove_backups(server->id);
  }
}

void Project::take_network(const Action& action, Network& network, Server* server) {
  const auto& command = action.command;
  if (command == "add_subnet") network.subnets.push_back(action.what.get<Subnet>());
  if (command == "add_route") network.routes.push_back(action.what.get<NetworkRoute>());
  if (command == "delete_subnet")
    std::erase_if(network.subnets, [&](const Subnet& each) { return action.what == each.ip_range; });
  if (command == "delete_route")
    std::erase_if(network.routes, [&](const NetworkRoute& each) { return action.what == each.destination; });
  if (command == "change_ip_range") network.ip_range = action.what.get<std::string>();
  if (!server) return;
  if (command == "attach_to_network")
    for (auto& net : server->private_nets) net.attached = net.attached || net.network == network.id;
  if (command == "detach_from_network")
    std::erase_if(server->private_nets, [&](const PrivateNet& net) { return net.network == network.id; });
}

void Project::give_back(const Action& action) {
  auto* server = find_server(action.find("server"));
  if (!server) return;
  if (action.command == "attach_to_network")
    std::erase_if(server->private_nets,
                  [&](const PrivateNet& net) { return net.network == action.find("network"); });
  if (action.command == "apply_firewall") std::erase(server->firewalls, action.find("firewall"));
}

void Project::remove_backups(Id server) {
  std::erase_if(held.images, [&](const auto& image) { return image.second.bound == server; });
}

void Project::drop_oldest_backup(Id server) {
  std::vector<Id> kept;
  for (const auto& [id, image] : held.images)
    if (image.bound == server) kept.push_back(id);
  if (kept.size() > backup_slots) held.images.erase(kept.front());
}

}  // namespace hetzner::simulator
