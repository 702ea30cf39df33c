#include <algorithm>

#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

/// A snapshot of the project; what the catalogue holds is read only.
Image& own(Call& call) {
  const auto id = call.ids.front();
  const auto found = call.project.held.images.find(id);
  if (found != call.project.held.images.end()) return found->second;
  if (call.project.find_image(id)) throw Refusal(403, "forbidden", "system images cannot be changed");
  throw not_found("image");
}

}  // namespace

Reply list_images(Call& call) {
  std::vector<json> all;
  for (const auto& image : call.world.catalogue.images) all.push_back(shown(image));
  for (const auto& [id, image] : call.project.held.images) all.push_back(shown(image));
  return listed(call, "images", std::move(all), {"type", "status", "architecture", "bound_to"});
}

Reply get_image(Call& call) {
  const auto* image = call.project.find_image(call.ids.front());
  if (!image) throw not_found("image");
  return {200, {{"image", shown(*image)}}};
}

Reply update_image(Call& call) {
  call.only({"description", "type", "labels"});
  auto& image = own(call);
  const auto type = call.find_text("type");
  if (type && *type != "snapshot") throw invalid("type", "can only be changed to snapshot");
  const auto description = call.find_text("description");
  if (call.field("labels")) image.labels = call.labels();
  if (description) image.description = *description;
  if (type && image.bound) call.project.keep_backup(image);
  return get_image(call);
}

Reply delete_image(Call& call) {
  auto& image = own(call);
  if (image.protect_delete) throw is_protected("image");
  if (call.project.has_running(image.id, "image")) throw locked("image");
  call.project.end_charge(image.id, "snapshot");
  call.project.held.images.erase(image.id);
  return {204, nullptr};
}

Reply protect_image(Call& call) {
  call.only({"delete"});
  auto& image = own(call);
  image.protect_delete = call.flag("delete", image.protect_delete);
  const auto& action = call.project.start("change_protection", {{image.id, "image"}}, 0);
  return {201, {{"action", shown(call.world, action)}}};
}

}  // namespace hetzner::simulator
