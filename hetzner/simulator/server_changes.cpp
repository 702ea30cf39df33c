#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t longest_user_data = 32 * 1024;
constexpr double part_in_use = 0.05;  ///< of a disk that was just made, which is what a snapshot is billed by

std::int64_t disk_of(const Call& call, const Server& server) {
  return server.disk ? server.disk : call.world.catalogue.type(server.type).disk;
}

/// The type a stopped server is changed to: sold in its place, of its kind, and no smaller a disk.
const ServerType& wanted_type(Call& call, const Server& server) {
  const auto* type = call.world.catalogue.find_type(call.needed("server_type"));
  if (!type) throw invalid("server_type", "server type not found");
  if (type->name == server.type) throw invalid("server_type", "server already has this type");
  if (type->architecture != call.world.catalogue.type(server.type).architecture)
    throw invalid("server_type", "server type has another architecture");
  const auto* offer = type->find_offer(server.location);
  if (!offer || offer->deprecated) throw invalid("server_type", "unsupported location for server type");
  if (type->disk < disk_of(call, server)) throw invalid("server_type", "the disk can not be made smaller");
  if (!call.world.is_in_stock(*type, *offer))
    throw Refusal(412, "resource_unavailable", "error during placement");
  return *type;
}

}  // namespace

/// The server keeps its addresses, volumes and price; what was on its disk is gone.
Reply rebuild_server(Call& call) {
  call.only({"image", "user_data"});
  auto& server = call.project.server(call.ids.front());
  const auto& type = call.world.catalogue.type(server.type);
  const auto* image = call.project.find_image(call.needed("image"), type.architecture);
  if (!image) throw invalid("image", "image not found");
  if (image->creating) throw invalid("image", "image is not available yet");
  if (image->architecture != type.architecture)
    throw invalid("image", "the image's architecture does not match the server type's");
  if (image->disk_size > disk_of(call, server))
    throw invalid("image", "the image needs a larger disk than the server has");
  const auto user_data = call.find_text("user_data");
  if (user_data && user_data->size() > longest_user_data)
    throw invalid("user_data", "must not be longer than 32768 bytes");
  if (server.protect_rebuild) throw Refusal(423, "protected", "server is protected from rebuild");
  call.project.require_unlocked(server);
  if (user_data) server.user_data = *user_data;
  const double seconds = image->type == "system" ? 8 : 60;
  const std::vector<Resource> both{{server.id, "server"}, {image->id, "image"}};
  const auto& action = call.project.start("rebuild_server", both, seconds);
  const bool with_password = server.ssh_keys.empty();
  return {201,
          {{"action", shown(call.world, action)},
           {"root_password", with_password ? json(call.world.random.hex(10)) : json()}}};
}

Reply change_server_type(Call& call) {
  call.only({"server_type", "upgrade_disk"});
  auto& server = call.project.server(call.ids.front());
  if (!call.field("upgrade_disk")) throw invalid("upgrade_disk", "missing data for required field");
  const bool grows = call.flag("upgrade_disk", false);
  call.project.require_unlocked(server);
  if (server.status != "off") throw Refusal(422, "server_not_stopped", "the server must be off");
  const auto& type = wanted_type(call, server);
  const auto disk = grows ? std::int64_t{type.disk} : disk_of(call, server);
  const auto& action =
      call.project.start("change_server_type", {{server.id, "server"}}, 30, 0, disk, type.name);
  return {201, {{"action", shown(call.world, action)}}};
}

/// A snapshot, or a backup when those are enabled.
Reply create_image(Call& call) {
  call.only({"type", "description", "labels"});
  auto& server = call.project.server(call.ids.front());
  const auto type = call.find_text("type").value_or("snapshot");
  if (type == "backup" && server.backup_window.empty())
    throw invalid("type", "backups are not enabled for this server");
  if (type != "snapshot" && type != "backup") throw invalid("type", "must be snapshot or backup");
  Image image;
  image.labels = call.labels();
  image.description = call.find_text("description").value_or(server.name);
  call.project.require_unlocked(server);
  const auto* base = call.project.find_image(server.image);
  image.id = call.world.next_id();
  image.type = type;
  image.bound = type == "backup" ? server.id : 0;
  image.architecture = call.world.catalogue.type(server.type).architecture;
  image.os_flavor = base ? base->os_flavor : "unknown";
  image.os_version = base ? base->os_version : "";
  image.disk_size = disk_of(call, server);
  image.image_size = part_in_use * static_cast<double>(image.disk_size);
  image.from = server.id;
  image.from_name = server.name;
  image.creating = true;
  image.created = call.world.billing_time();
  const auto& kept = call.project.held.images[image.id] = image;
  const std::vector<Resource> both{{server.id, "server"}, {kept.id, "image"}};
  const auto& action = call.project.start("create_image", both, 60);
  return {201, {{"image", shown(kept)}, {"action", shown(call.world, action)}}};
}

}  // namespace hetzner::simulator
