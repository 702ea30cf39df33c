#include "hetzner/simulator/project.hpp"

#include <algorithm>

#include "hetzner/simulator/fingerprint.hpp"
#include "hetzner/simulator/refusal.hpp"

namespace hetzner::simulator {
namespace {

template <class T>
T& held_or_404(std::map<Id, T>& all, Id id, const char* what) {
  const auto found = all.find(id);
  if (found == all.end()) throw not_found(what);
  return found->second;
}

}  // namespace

void Project::furnish(bool first) {
  const auto now = world_.billing_time();
  for (const auto& text : world_.catalogue.snapshots) {
    auto image = text.get<Image>();
    image.id = world_.next_id();
    image.type = "snapshot";
    image.architecture = "x86";
    image.disk_size = text.value("disk_size", 40);
    image.created = now - std::chrono::seconds(text.at("age_s").get<std::int64_t>());
    const auto built = std::chrono::floor<std::chrono::seconds>(image.created).time_since_epoch().count();
    image.labels = {
        {"os-flavor", image.description}, {"build-time", std::to_string(built)}, {"devbox-contract", "1"}};
    held.images[image.id] = image;
    charge({.resource = "snapshot",
            .id = image.id,
            .monthly = world_.catalogue.image_gb_month,
            .micro_gb = static_cast<std::int64_t>(image.image_size * 1e6),
            .from = now});
  }
  if (!first || world_.catalogue.ssh_key.is_null()) return;
  auto key = world_.catalogue.ssh_key.get<SshKey>();
  key.id = world_.next_id();
  key.fingerprint = find_fingerprint(key.public_key).value_or("");
  key.created = now;
  held.ssh_keys[key.id] = key;
}

void Project::resume() {
  for (const auto& [id, action] : held.actions)
    if (action.is_running()) running_.insert(id);
}

Server& Project::server(Id id) {
  auto* found = find_server(id);
  if (!found || found->deleting) throw not_found("server with ID '" + std::to_string(id) + "'");
  return *found;
}
Volume& Project::volume(Id id) { return held_or_404(held.volumes, id, "volume"); }
PrimaryIp& Project::primary_ip(Id id) { return held_or_404(held.primary_ips, id, "primary IP"); }

Network& Project::network(Id id) { return held_or_404(held.networks, id, "network"); }
PlacementGroup& Project::placement_group(Id id) {
  return held_or_404(held.placement_groups, id, "placement group");
}
Firewall& Project::firewall(Id id) { return held_or_404(held.firewalls, id, "firewall"); }

Server* Project::find_server(Id id) {
  const auto found = held.servers.find(id);
  return found == held.servers.end() ? nullptr : &found->second;
}

const Image* Project::find_image(Id id) const {
  const auto found = held.images.find(id);
  if (found != held.images.end()) return &found->second;
  for (const auto& image : world_.catalogue.images)
    if (image.id == id) return &image;
  return nullptr;
}

const Image* Project::find_image(const nlohmann::json& id_or_name, const std::string& architecture) const {
  if (const auto id = find_id(id_or_name)) return find_image(*id);
  for (const auto& image : world_.catalogue.images)
    if (id_or_name == image.name && image.architecture == architecture) return &image;
  return nullptr;
}

std::vector<Volume*> Project::volumes_of(Id server) {
  std::vector<Volume*> found;
  for (auto& [id, volume] : held.volumes)
    if (volume.server == server) found.push_back(&volume);
  return found;
}

bool Project::has_running(Id id, const std::string& type) const {
  return std::any_of(running_.begin(), running_.end(),
                     [&](Id action) { return held.actions.at(action).concerns(id, type); });
}

void Project::require_unlocked(const Server& server) const {
  if (has_running(server.id, "server")) throw locked("server");
}

void Project::require_unlocked(const Volume& volume) const {
  if (has_running(volume.id, "volume")) throw locked("volume");
  const auto server = volume.server ? volume.server : volume.pledged;
  if (server && has_running(server, "server")) throw locked("server");
}

void Project::require_unlocked(const PrimaryIp& ip) const {
  if (has_running(ip.id, "primary_ip")) throw locked("primary IP");
  if (ip.server && has_running(ip.server, "server")) throw locked("server");
}

void Project::require_unchanging(const Network& network) const {
  for (const auto id : running_) {
    const auto& action = held.actions.at(id);
    if (action.concerns(network.id, "network") && !action.find("server"))
      throw Refusal(409, "conflict", "network has changed during the request, please retry");
  }
}

void Project::charge(Charge line) { held.charges.push_back(std::move(line)); }

void Project::end_charge(Id id, const std::string& resource) {
  for (auto& line : held.charges)
    if (line.id == id && line.resource == resource && line.to == never) line.to = world_.billing_time();
}

void Project::power_on(Server& server, net::Time at) {
  server.status = "running";
  server.off_at = never;
  server.rescue = false;  // is asked for again before each boot
  server.machine.phase = server.machine.phase == "lost" ? "lost" : "boot";
  server.machine.boot_id = world_.random.hex(16);
  server.machine.booted = at;
  server.machine.done.clear();
  server.machine.done_error.clear();
  if (world_.on_started) world_.on_started(*this, server);
}

void Project::power_off(Server& server) {
  if (server.status == "running" || server.status == "stopping" || server.status == "starting")
    server.status = "off";
  server.off_at = never;
  if (world_.on_stopped) world_.on_stopped(*this, server);
}

}  // namespace hetzner::simulator
