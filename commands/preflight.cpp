#include <algorithm>
#include <cctype>

#include "commands/approval.hpp"
#include "commands/choice.hpp"
#include "commands/grammar.hpp"
#include "commands/keys.hpp"
#include "commands/nearest.hpp"
#include "commands/plan.hpp"
#include "commands/printable.hpp"
#include "commands/server_keys.hpp"
#include "commands/trash.hpp"

namespace commands {
namespace {

using hetzner::Image;

/// What the workspace had the last time, else what the configuration says.
std::string remembered_or(const storage::WorkspaceRow& workspace, const std::string& key,
                          const std::string& otherwise) {
  return workspace.policy.value(key, otherwise);
}

std::string location_of(const Services& world, const storage::WorkspaceRow& workspace, const Request& ask) {
  if (workspace.location.empty()) return option_or(ask, "location", world.settings.location);
  const auto wanted = option_or(ask, "location", workspace.location);
  if (wanted != workspace.location)
    throw Error(
        workspace.hostname + "'s volume and address are in " + workspace.location +
        " and cannot leave it. Leave location= out, or bring up another workspace: up NAME location=" +
        wanted);
  return wanted;
}

/// https://docs.hetzner.cloud/reference/cloud#labels: what can be the value of os-flavor.
void check_flavour(const std::string& image) {
  const auto is_inner = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
  const auto is_outer = [](unsigned char c) { return std::isalnum(c) != 0; };
  const bool is_good = !image.empty() && image.size() <= 63 && is_outer(image.front()) &&
                       is_outer(image.back()) && std::all_of(image.begin(), image.end(), is_inner);
  if (!is_good)
    throw Error("\"" + cut(printable(image), 63) +
                "\" cannot be an image's flavour; `images` lists those there are. Nothing was made.");
}

/// image=FLAVOUR, newest first, or image=ID, which pins one.
net::awaitable<std::vector<Image>> images_named(Services& world, std::string image) {
  if (!is_image_id(image)) {
    check_flavour(image);
    co_return co_await world.cloud.snapshots(image);
  }
  const hetzner::ImageId id{std::stoll(image)};
  const auto found = co_await world.cloud.find_image(id);
  std::vector<Image> images;
  if (found && found->status == "available") images.push_back(*found);
  co_return images;
}

net::awaitable<std::string> no_such_image(Services& world, std::string image) {
  const auto seen = co_await world.project.images();
  std::string flavours;
  for (const auto& one : seen.value) {
    const auto& flavour = one.labels.at("os-flavor");
    const bool is_listed = (", " + flavours + ",").find(", " + flavour + ",") != std::string::npos;
    if (!is_listed) flavours += (flavours.empty() ? "" : ", ") + flavour;
  }
  const auto what = is_image_id(image) ? "The project has no image " + image + " that can be used."
                                       : "No snapshot of the project is labelled os-flavor=" + image + ".";
  co_return what +
      (flavours.empty() ? " No snapshot has such a label yet: build one." : " There are: " + flavours + ".") +
      " Nothing was made.";
}

bool fits(const Image& image, const Sold& type) {
  return image.architecture == type.architecture && image.disk_gb <= type.disk_gb;
}

/// The newest that fits the first type; types that it does not fit are left out.
void take_image(Plan& plan, std::vector<Sold>& types, const std::vector<Image>& images) {
  const auto& first = types.front();
  const auto newest =
      std::find_if(images.begin(), images.end(), [&](const Image& image) { return fits(image, first); });
  if (newest == images.end()) {
    const auto& image = images.front();
    const auto why = image.architecture != first.architecture
                         ? "is for " + image.architecture + ", " + first.type + " is " + first.architecture
                         : "needs a disk of " + std::to_string(image.disk_gb) + " GB, " + first.type +
                               " has " + std::to_string(first.disk_gb) + " GB";
    throw Error("The newest image of " + plan.flavour + " " + why +
                ". Choose another type or image=FLAVOUR. Nothing was made.");
  }
  plan.image = newest->id;
  plan.image_created = storage::to_ms(newest->created);
  const auto contract = newest->labels.find("devbox-contract");
  plan.has_contract = contract != newest->labels.end() && contract->second == "1";
  std::erase_if(types, [&](const Sold& type) { return !fits(*newest, type); });
}

/// What takes its place unasked costs at most so many times as much.
constexpr int dearest = 2;

void take_types(Plan& plan, const std::vector<Sold>& types) {
  const auto& first = types.front();
  plan.type = first.type;
  plan.architecture = first.architecture;
  plan.cores = first.cores;
  plan.memory_gb = first.memory_gb;
  plan.hourly = first.hourly;
  plan.monthly = first.monthly;
  for (const auto& other : types)
    if (other.type != first.type && other.hourly <= first.hourly * dearest) plan.others.push_back(other);
}

}  // namespace

net::awaitable<Plan> preflight(Services& world, storage::WorkspaceRow workspace, const Request& ask) {
  if (workspace.state == "trashed") throw Error(trash_text(world, workspace, workspace.owner));
  const auto offer = co_await world.project.offer();
  co_await check_owner_tag(world, workspace);
  Plan plan;
  plan.hostname = workspace.hostname;
  plan.location = location_of(world, workspace, ask);
  plan.flavour = option_or(ask, "image", remembered_or(workspace, "image", world.settings.image));
  plan.currency = offer.pricing.currency;
  plan.has_volume = workspace.volume_id != 0;
  plan.has_address = workspace.ip_id != 0;
  plan.is_first = !plan.has_volume || !plan.has_address;
  plan.volume_gb = workspace.volume_gb ? workspace.volume_gb : world.settings.volume_gb;
  plan.kept_monthly = kept_monthly(world, offer, plan.location, plan.volume_gb);
  check_location(offer, plan.location);
  offer.keys_named(world.settings.ssh_keys, own_keys(world, workspace.owner));
  offer.firewalls_named(world.settings.firewalls);

  Wish wish;
  wish.type = option_or(ask, "type", remembered_or(workspace, "type", world.settings.type));
  wish.location = plan.location;
  wish.currency = plan.currency;
  const auto types = co_await world.project.types_now();
  auto choice = choose_type(world, types, wish);
  if (choice.types.empty() && workspace.location.empty()) {
    const auto locations = co_await world.cloud.locations();
    choice.refusal += elsewhere(world, types, locations, wish);
  }
  if (choice.types.empty()) throw SoldOut(choice.refusal + " Nothing was made.");
  const auto images = co_await images_named(world, plan.flavour);
  if (images.empty()) {
    const auto refusal = co_await no_such_image(world, plan.flavour);
    throw Error(refusal);
  }
  take_image(plan, choice.types, images);
  take_types(plan, choice.types);
  plan.replaced = choice.replaced;
  mark_consent(world, plan, option_or(ask, "approved", ""));
  co_return plan;
}

}  // namespace commands
