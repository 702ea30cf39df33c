#include <fmt/format.h>

#include <map>

#include "commands/plan.hpp"
#include "commands/times.hpp"
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

}  // namespace

Begin images(Services& world, const Caller&, const Request& ask) {
  if (!ask.words.empty()) throw Error("`images` takes no words; it lists every flavour. Nothing was done.");
  return Later([&world] { return list_images(world); });
}

}  // namespace commands
