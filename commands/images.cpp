#include <fmt/format.h>

#include <map>

#include "commands/grammar.hpp"
#include "commands/plan.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

using hetzner::Image;

std::string row_of(const Services& world, const Offer& offer, const Image& image, bool is_next) {
  const auto price = shown(world.settings, offer.pricing.image_gb_month);
  const auto monthly = hetzner::snapshot_monthly(price, image.image_size_gb);
  const auto contract = image.labels.find("devbox-contract");
  const bool knows_us = contract != image.labels.end() && contract->second == "1";
  return fmt::format("\n  {} {} · {} old · {} · {:.1f} GB, {} a month · needs a disk of {} GB{}",
                     is_next ? "→" : " ", image.id.value, span_text(world.clock.now() - image.created),
                     image.architecture, image.image_size_gb,
                     hetzner::with_currency(monthly, offer.pricing.currency, 2), image.disk_gb,
                     knows_us ? "" : " · no label devbox-contract=1");
}

bool is_old(const Services& world, const Image& image) {
  return world.clock.now() - image.created > std::chrono::weeks(world.settings.image_weeks);
}

net::awaitable<std::string> list_images(Services& world) {
  const auto offer = co_await world.project.offer();
  const auto seen = co_await world.project.images();
  std::map<std::string, std::string> rows;  // by flavour
  std::map<std::string, std::string> next;  // flavour and architecture to come, newest first
  std::string newest;
  for (const auto& image : seen.value) {
    const auto& flavour = image.labels.at("os-flavor");
    const bool is_next = next.emplace(flavour + "/" + image.architecture, "").second;
    rows[flavour] += row_of(world, offer, image, is_next);
    if (is_next && is_old(world, image))
      rows[flavour] += "\n    ! more than " + std::to_string(world.settings.image_weeks) +
                       " weeks old, and its packages with it: build a new one";
    if (newest.empty() && flavour == world.settings.image) newest = std::to_string(image.id.value);
  }
  if (rows.empty())
    co_return "No snapshot of the project has a label os-flavor yet, so nothing can come up. Build one.";
  std::string text;
  for (const auto& [flavour, list] : rows)
    text +=
        (text.empty() ? "" : "\n") + flavour + (flavour == world.settings.image ? " (default)" : "") + list;
  if (!rows.contains(world.settings.image))
    text +=
        "\nNone is labelled os-flavor=" + world.settings.image + ", the default: `up` needs image=FLAVOUR.";
  text += "\nThe newest that fits, →, is taken; image=NUMBER pins one: `up image=" +
          (newest.empty() ? std::to_string(seen.value.front().id.value) : newest) + "`";
  const auto age = world.clock.now() - seen.at;
  if (age > std::chrono::minutes(1)) text += ". Seen " + span_text(age) + " ago";
  co_return text;
}

/// A snapshot that is to go.
struct OldImage {
  std::int64_t id = 0;
  std::string text;  ///< "ubuntu-dev 17, 40 days old"
  double gb = 0;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(OldImage, id, text, gb)
};

constexpr int usually_kept = 3;

/// 0 = what was said is no number, or none that can be meant.
int keep_of(const Request& ask) {
  const auto text = option_or(ask, "keep", std::to_string(usually_kept));
  const bool is_number =
      !text.empty() && text.size() <= 2 && text.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::stoi(text) : 0;
}

/// By what was asked for and has not ended: named, or chosen already.
bool is_wanted(Services& world, const storage::OperationRow& operation, const std::string& id) {
  const auto ask = operation.request.get<Request>();
  if (option_or(ask, "image", "") == id) return true;
  const auto steps = world.storage.journal.steps(operation.id);
  const auto plan = steps.find("preflight");
  return plan != steps.end() && std::to_string(plan->second.get<Plan>().image.value) == id;
}

/// Servers run from it, or are about to, or a workspace's next `up` names it.
bool is_in_use(Services& world, std::int64_t image) {
  const auto id = std::to_string(image);
  for (const auto& operation : world.storage.journal.unfinished())
    if (is_wanted(world, operation, id)) return true;
  for (const auto& request : world.storage.requests.open())
    if (option_or(request.ask.get<Request>(), "image", "") == id) return true;
  for (const auto& session : world.storage.sessions.running())
    if (session.image == id) return true;
  for (const auto& workspace : world.storage.workspaces.all())
    if (workspace.policy.value("image", "") == id) return true;
  return false;
}

/// Of each flavour and architecture all but the newest `keep`.
net::awaitable<std::vector<OldImage>> find_old(Services& world, int keep) {
  const auto images = co_await world.cloud.snapshots();
  std::map<std::string, int> seen;
  std::vector<OldImage> old;
  for (const auto& image : images) {
    const auto& flavour = image.labels.at("os-flavor");
    if (++seen[flavour + "/" + image.architecture] <= keep) continue;
    if (image.delete_protected || is_in_use(world, image.id.value)) continue;
    OldImage one;
    one.id = image.id.value;
    one.text = flavour + " " + std::to_string(image.id.value) + ", " + image.architecture + ", " +
               span_text(world.clock.now() - image.created) + " old";
    one.gb = image.image_size_gb;
    old.push_back(one);
  }
  co_return old;
}

std::string lines_of(const std::vector<OldImage>& old) {
  std::string lines;
  for (const auto& image : old) lines += fmt::format("\n  {}, {:.1f} GB", image.text, image.gb);
  return lines;
}

net::awaitable<std::string> what_is_saved(Services& world, std::vector<OldImage> old) {
  const auto offer = co_await world.project.offer();
  const auto price = shown(world.settings, offer.pricing.image_gb_month);
  hetzner::Money monthly;
  for (const auto& image : old) monthly += hetzner::snapshot_monthly(price, image.gb);
  co_return "Delete these snapshots for good? " + hetzner::with_currency(monthly, offer.pricing.currency, 2) +
      " a month would be saved; what servers run from and what workspaces name is not among them:" +
      lines_of(old);
}

/// False when it came into use while the question was open.
net::awaitable<bool> delete_unused(Services& world, std::int64_t image) {
  if (is_in_use(world, image)) co_return false;
  const hetzner::ImageId id{image};
  co_await world.cloud.delete_image(id);
  co_return true;
}

}  // namespace

net::awaitable<void> prune_images(Operation& op, Services& world, const Request& ask) {
  auto old = co_await op.look("find old images", [&] { return find_old(world, keep_of(ask)); });
  if (old.empty()) {
    op.say("pruned", "✓ No flavour has more than " + std::to_string(keep_of(ask)) +
                         " snapshots that nobody uses; nothing was deleted.");
    co_return;
  }
  auto question = co_await op.look("price", [&] { return what_is_saved(world, old); });
  const bool agreed = co_await op.agrees("prune", question);
  if (!agreed) {
    op.say("pruned", "✓ Nothing was deleted.");
    co_return;
  }
  std::vector<OldImage> deleted;
  std::vector<OldImage> kept;
  for (const auto& image : old) {
    const auto step = "delete image " + std::to_string(image.id);
    const bool is_gone = co_await op.step(step.c_str(), [&] { return delete_unused(world, image.id); });
    (is_gone ? deleted : kept).push_back(image);
  }
  world.project.forget_images();
  op.say("pruned", "✓ Deleted " + std::to_string(deleted.size()) +
                       (deleted.size() == 1 ? " snapshot" : " snapshots") + (deleted.empty() ? "." : ":") +
                       lines_of(deleted) +
                       (kept.empty() ? "" : "\nKept, for it is used by now:" + lines_of(kept)));
}

Begin begin_images(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.empty() && ask.options.empty()) return Later([&world] { return list_images(world); });
  if (ask.words.size() != 1 || lower(ask.words.front()) != "prune")
    throw Error("`images` lists every flavour, `images prune keep=3` deletes older ones. Nothing was done.");
  if (caller.role < Role::operating) throw Error("Only operators delete images. Nothing was done.");
  if (keep_of(ask) < 1)
    throw Error("keep= wants a number from 1 to 99, as in `images prune keep=3`. Nothing was done.");
  return operation_of(world, caller, ask, 0);
}

}  // namespace commands
