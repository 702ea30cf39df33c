#include <fmt/format.h>

#include "commands/choice.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

using hetzner::ServerType;

std::string row_of(const Services& world, const ServerType& type, const std::string& location,
                   const std::string& currency) {
  const auto& price = *type.price_in(location);
  return fmt::format("  {} · {} vCPU{} · {:g} GB · {} GB disk{} · {} · {} a month{}\n", type.name, type.cores,
                     type.cpu_type == "dedicated" ? " of its own" : "", type.memory_gb, type.disk_gb,
                     type.architecture == "arm" ? " · arm" : "",
                     hourly_text(shown(world.settings, price.hourly), currency),
                     hetzner::with_currency(shown(world.settings, price.monthly), currency, 2),
                     type.name == world.settings.type ? " · default" : "");
}

/// Those that are sold there, as a rule, and are not to be had now.
std::string sold_out(const Services& world, const std::vector<ServerType>& types,
                     const std::string& location) {
  const auto now = world.clock.now();
  std::string list;
  for (const auto& type : types)
    for (const auto& there : type.locations) {
      const bool is_gone = there.unavailable_after && *there.unavailable_after <= now;
      if (there.name == location && !there.available && !is_gone)
        list += (list.empty() ? "" : ", ") + type.name;
    }
  return list;
}

net::awaitable<std::string> list_types(Services& world, std::string location) {
  const auto offer = co_await world.project.offer();
  check_location(offer, location);
  const auto seen = co_await world.project.types();
  const auto& currency = offer.pricing.currency;
  std::string rows;
  for (const auto* type : orderable(world, seen.value, location))
    rows += row_of(world, *type, location, currency);
  auto text = rows.empty()
                  ? "Nothing can be ordered in " + location + " now.\n"
                  : "Can be ordered in " + location + " now (" + (world.settings.gross ? "gross" : "net") +
                        ", without the address):\n" + rows;
  const auto missing = sold_out(world, seen.value, location);
  if (!missing.empty()) text += "  sold out: " + missing + "\n";
  text += "  Hetzner's stock is a hint, no promise.";
  const auto age = world.clock.now() - seen.at;
  if (age > std::chrono::minutes(1)) text += " Seen " + span_text(age) + " ago.";
  co_return text;
}

}  // namespace

Begin types(Services& world, const Caller&, const Request& ask) {
  if (ask.words.size() > 1) throw Error("`types` takes one location, like fsn1.");
  const auto location = ask.words.empty() ? world.settings.location : ask.words.front();
  return Later([&world, location] { return list_types(world, location); });
}

}  // namespace commands
