#include <algorithm>

#include "commands/orphans.hpp"
#include "commands/plan.hpp"
#include "hetzner/retired.hpp"

namespace commands {
namespace {

using hetzner::Money;

/// "20 GB · fsn1".
std::string about(const std::string& what, const std::string& location) { return what + " · " + location; }

bool is_at_work(const hetzner::Labels& labels, const Known& known) {
  const auto operation = labels.find("devbox-operation");
  return operation != labels.end() && known.unfinished.contains(operation->second);
}

Money monthly_of(const Services& world, const hetzner::Server& server,
                 const std::vector<hetzner::ServerType>& types) {
  const auto* type = hetzner::find_type(types, server.server_type);
  const auto* price = type ? type->price_in(server.location) : nullptr;
  return price ? shown(world.settings, price->monthly) : Money();
}

template <class T>
Orphan orphan(const char* kind, const T& thing, const Known& known) {
  Orphan orphan;
  orphan.kind = kind;
  orphan.id = std::to_string(thing.id.value);
  orphan.name = thing.name;
  orphan.ours = is_ours(thing.labels, known);
  return orphan;
}

void add_devices(std::vector<Orphan>& found, const Inventory& inventory, const Known& known) {
  if (!inventory.devices) return;
  for (const auto& device : *inventory.devices) {
    const bool is_used =
        std::any_of(known.workspaces.begin(), known.workspaces.end(), [&](const auto& workspace) {
          return workspace.hostname == device.hostname &&
                 (known.session_of(workspace.id) || known.busy.contains(workspace.id));
        });
    if (is_used) continue;
    Orphan orphan;
    orphan.kind = "device";
    orphan.id = device.id;
    orphan.name = device.name;
    orphan.about = device.online ? "online" : "offline";
    // Devices carry no labels, and another installation may use the tag: ours have a workspace's name.
    orphan.ours = std::any_of(known.workspaces.begin(), known.workspaces.end(),
                              [&](const auto& workspace) { return workspace.hostname == device.hostname; });
    found.push_back(orphan);
  }
}

}  // namespace

std::vector<Orphan> find_orphans(const Services& world, const Inventory& inventory, const Known& known,
                                 const Offer& offer, const std::vector<hetzner::ServerType>& types) {
  std::vector<Orphan> found;
  for (const auto& server : inventory.servers) {
    const bool is_used = std::any_of(known.sessions.begin(), known.sessions.end(), [&](const auto& session) {
      return session.server_id == server.id.value;
    });
    if (is_used || is_at_work(server.labels, known)) continue;
    auto one = orphan("server", server, known);
    one.about = about(server.server_type, server.location);
    one.monthly = monthly_of(world, server, types);
    found.push_back(one);
  }
  const auto is_held = [&](auto member, std::int64_t id) {
    return std::any_of(known.workspaces.begin(), known.workspaces.end(),
                       [&](const auto& workspace) { return workspace.*member == id; });
  };
  for (const auto& volume : inventory.volumes) {
    if (is_held(&storage::WorkspaceRow::volume_id, volume.id.value) || is_at_work(volume.labels, known))
      continue;
    auto one = orphan("volume", volume, known);
    one.about = about(std::to_string(volume.size_gb) + " GB", volume.location);
    one.monthly = shown(world.settings, offer.pricing.volume_gb_month) * volume.size_gb;
    found.push_back(one);
  }
  for (const auto& ip : inventory.ips) {
    const bool goes_with_server = ip.auto_delete && ip.assignee;
    if (goes_with_server || is_held(&storage::WorkspaceRow::ip_id, ip.id.value) ||
        is_at_work(ip.labels, known))
      continue;
    auto one = orphan("address", ip, known);
    one.about = about(ip.ip, ip.location);
    const auto* price = ip.type == "ipv4" ? offer.ipv4_price(ip.location) : nullptr;
    if (price) one.monthly = shown(world.settings, price->monthly);
    found.push_back(one);
  }
  add_devices(found, inventory, known);
  return found;
}

}  // namespace commands
