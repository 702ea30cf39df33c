#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t smallest = 10, largest = 10240;

Volume& volume_of(Call& call) { return call.project.volume(call.ids.front()); }

std::int64_t size_of(const Call& call) {
  const auto size = call.integer("size");
  if (size < smallest || size > largest) throw invalid("size", "must be between 10 and 10240");
  return size;
}

void charge(Call& call, const Volume& volume) {
  call.project.charge({.resource = "volume",
                       .id = volume.id,
                       .monthly = call.world.catalogue.volume_gb_month,
                       .micro_gb = volume.size * 1'000'000,
                       .from = call.world.billing_time()});
}

/// The server a volume may go to: in its location and not locked.
Server& target(Call& call, const std::string& location) {
  auto* server = call.project.find_server(call.integer("server"));
  if (!server || server->deleting) throw invalid("server", "server not found");
  if (!location.empty() && server->location != location)
    throw invalid("server", "volume and server have to be in the same location");
  call.project.require_unlocked(*server);
  return *server;
}

Action& start_attach(Call& call, Volume& volume, const Server& server, Id after) {
  volume.pledged = server.id;
  return call.project.start("attach_volume", {{server.id, "server"}, {volume.id, "volume"}}, 2, after);
}

}  // namespace

Reply list_volumes(Call& call) {
  std::vector<json> all;
  for (const auto& [id, volume] : call.project.held.volumes) all.push_back(shown(call.world, volume));
  return listed(call, "volumes", std::move(all), {"status"});
}

Reply get_volume(Call& call) { return {200, {{"volume", shown(call.world, volume_of(call))}}}; }

Reply create_volume(Call& call) {
  call.only({"name", "size", "location", "server", "format", "automount", "labels"});
  Volume volume;
  volume.name = call.text("name");
  require_plain_name(volume.name);
  volume.size = size_of(call);
  volume.labels = call.labels();
  volume.format = call.find_text("format").value_or("");
  if (!volume.format.empty() && volume.format != "ext4" && volume.format != "xfs")
    throw invalid("format", "must be xfs or ext4");
  const auto* server = call.field("server") ? &target(call, "") : nullptr;
  if (server && call.field("location")) throw invalid("location", "location and server exclude each other");
  if (server && call.field("location")) throw invalid("location", "location and server exclude each other");
  volume.location = server ? server->location : call.location().at("name").get<std::string>();
  require_unique(call.project.held.volumes, volume.name);
  volume.id = call.world.next_id();
  volume.status = "creating";
  volume.created = call.world.billing_time();
  auto& kept = call.project.held.volumes[volume.id] = volume;
  charge(call, kept);
  const auto& action = call.project.start("create_volume", {{kept.id, "volume"}}, 1);
  json next = json::array();
  if (server) next.push_back(shown(call.world, start_attach(call, kept, *server, action.id)));
  return {
      201,
      {{"volume", shown(call.world, kept)}, {"action", shown(call.world, action)}, {"next_actions", next}}};
}

Reply update_volume(Call& call) {
  call.only({"name", "labels"});
  auto& volume = volume_of(call);
  const auto name = call.find_text("name");
  if (name) {
    require_plain_name(*name);
    require_unique(call.project.held.volumes, *name, volume.id);
  }
  if (call.field("labels")) volume.labels = call.labels();
  if (name) volume.name = *name;
  return get_volume(call);
}

Reply delete_volume(Call& call) {
  auto& volume = volume_of(call);
  if (volume.protect_delete) throw is_protected("volume");
  call.project.require_unlocked(volume);
  if (volume.server || volume.pledged)
    throw Refusal(422, "volume_already_attached", "volume is still attached to a server");
  call.project.end_charge(volume.id, "volume");
  call.project.held.volumes.erase(volume.id);
  return {204, nullptr};
}

Reply attach_volume(Call& call) {
  call.only({"server", "automount"});
  auto& volume = volume_of(call);
  if (volume.server || volume.pledged)
    throw Refusal(422, "volume_already_attached", "volume is already attached to a server");
  call.project.require_unlocked(volume);
  const auto& server = target(call, volume.location);
  return action_reply(call, start_attach(call, volume, server, 0));
}

Reply detach_volume(Call& call) {
  call.only({});
  auto& volume = volume_of(call);
  call.project.require_unlocked(volume);
  if (!volume.server) throw invalid("server", "volume is not attached to a server");
  const std::vector<Resource> both{{volume.server, "server"}, {volume.id, "volume"}};
  return action_reply(call, call.project.start("detach_volume", both, 2));
}

Reply resize_volume(Call& call) {
  call.only({"size"});
  auto& volume = volume_of(call);
  const auto size = size_of(call);
  if (size <= volume.size) throw invalid("size", "a volume can only grow");
  call.project.require_unlocked(volume);
  const auto& action = call.project.start("resize_volume", {{volume.id, "volume"}}, 1, 0, size);
  call.project.end_charge(volume.id, "volume");
  auto grown = volume;
  grown.size = size;
  charge(call, grown);
  return action_reply(call, action);
}

Reply protect_volume(Call& call) {
  call.only({"delete"});
  auto& volume = volume_of(call);
  call.project.require_unlocked(volume);
  volume.protect_delete = call.flag("delete", volume.protect_delete);
  return action_reply(call, call.project.start("change_protection", {{volume.id, "volume"}}, 0));
}

}  // namespace hetzner::simulator
