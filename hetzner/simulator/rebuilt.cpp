#include "hetzner/simulator/backups.hpp"
#include "hetzner/simulator/project.hpp"

/// What a long change of a server comes to when its action has ended.
namespace hetzner::simulator {

void Project::finish_image(Id id) {
  const auto found = held.images.find(id);
  if (found == held.images.end()) return;
  auto& image = found->second;
  image.creating = false;
  if (image.bound) return drop_oldest_backup(image.bound);
  charge_snapshot(image);
}

void Project::charge_snapshot(const Image& image) {
  charge({.resource = "snapshot",
          .id = image.id,
          .monthly = world_.catalogue.image_gb_month,
          .micro_gb = static_cast<std::int64_t>(image.image_size * 1e6),
          .from = world_.billing_time()});
}

void Project::keep_backup(Image& backup) {
  backup.type = "snapshot";
  backup.bound = 0;
  charge_snapshot(backup);
}

void Project::rebuild(Server& server, const Action& action, net::Time at) {
  server.image = action.find("image");
  server.machine = Machine{};
  power_on(server, at);
}

void Project::change_type(Server& server, const Action& action) {
  server.status = "off";
  server.type = action.new_type;
  server.disk = action.amount;
  const auto* offer = world_.catalogue.type(server.type).find_offer(server.location);
  end_charge(server.id, "server");
  end_charge(server.id, "backup");
  charge_backups(*this, world_, server);
  if (!offer) return;
  charge({.resource = "server",
          .id = server.id,
          .hourly = offer->hourly,
          .monthly = offer->monthly,
          .from = world_.billing_time()});
}

}  // namespace hetzner::simulator
