#include "commands/choice.hpp"

#include <algorithm>

#include "commands/nearest.hpp"
#include "hetzner/retired.hpp"

namespace commands {
namespace {

using hetzner::ServerType;
using hetzner::Size;
using Types = std::vector<ServerType>;

Sold sold(const Services& world, const ServerType& type, const std::string& location) {
  const auto& price = *type.price_in(location);
  Sold sold;
  sold.type = type.name;
  sold.architecture = type.architecture;
  sold.cores = type.cores;
  sold.memory_gb = type.memory_gb;
  sold.disk_gb = type.disk_gb;
  sold.hourly = shown(world.settings, price.hourly);
  sold.monthly = shown(world.settings, price.monthly);
  return sold;
}

bool is_orderable(const Services& world, const ServerType& type, const std::string& location) {
  return type.is_orderable(location, world.clock.now()) && type.price_in(location);
}

[[noreturn]] void refuse_unknown(const Services& world, const Types& types, const Wish& wish) {
  const auto sold_there = orderable(world, types, wish.location);
  std::vector<std::string_view> names;
  for (const auto* type : sold_there) names.push_back(type->name);
  auto near = nearest(wish.type, names);
  names.clear();
  for (const auto& type : types) names.push_back(type.name);
  if (!near) near = nearest(wish.type, names);
  throw Error("There is no server type \"" + wish.type + "\"" +
              (near ? "; did you mean " + *near + "?" : ".") + " Sold in " + wish.location +
              " now: " + price_list(world, sold_there, wish.location, wish.currency) + ". Nothing was made.");
}

/// "it was €0.1001/h", "€0.1001/h in ash", "" where nothing is known.
std::string old_price(const Services& world, const ServerType* type, const Wish& wish, bool is_gone) {
  if (!type) return "";
  const auto text = [&](const hetzner::LocationPrice& price) {
    return hourly_text(shown(world.settings, price.hourly), wish.currency);
  };
  if (const auto* price = type->price_in(wish.location)) return (is_gone ? "it was " : "") + text(*price);
  if (type->prices.empty()) return "";
  return text(type->prices.front()) + " in " + type->prices.front().location;
}

/// "cpx31 is no longer sold in fsn1 (it was €0.1001/h)".
std::string why_not(const Services& world, const Size& wanted, const ServerType* type, const Wish& wish) {
  auto text = wanted.name;
  const hetzner::TypeLocation* there = nullptr;
  if (type)
    for (const auto& one : type->locations)
      if (one.name == wish.location) there = &one;
  const bool is_gone = there && there->unavailable_after && *there->unavailable_after <= world.clock.now();
  if (!wanted.retired.empty())
    text += " has not been sold since " + wanted.retired;
  else if (!there)
    text += " is not sold in " + wish.location;
  else if (is_gone)
    text += " is no longer sold in " + wish.location;
  else
    text += " is sold out in " + wish.location + " now";
  const auto price = old_price(world, type, wish, is_gone);
  return price.empty() ? text : text + " (" + price + ")";
}

std::string refusal(const Services& world, const Types& types, const Size& wanted, const std::string& why,
                    const Wish& wish) {
  const auto now = world.clock.now();
  const auto any = successors(wanted, types, wish.location, now, false);
  const auto list = [&](const std::vector<const ServerType*>& of) {
    return price_list(world, of, wish.location, wish.currency);
  };
  const bool is_off = world.settings.substitutes == Substitutes::off;
  auto text = why + (is_off ? ", and [hetzner] substitutes is \"off\"."
                            : ", and nothing that may take its place can be ordered there now.");
  if (!any.empty()) return text + " At least as big: " + list(any) + ".";
  return text + " Sold there, but smaller or of another architecture: " +
         list(orderable(world, types, wish.location)) + ".";
}

}  // namespace

void check_location(const Offer& offer, const std::string& location) {
  if (offer.ipv4_price(location)) return;
  std::vector<std::string_view> known;
  std::string list;
  for (const auto& price : offer.pricing.primary_ips) {
    if (price.type != "ipv4") continue;
    known.push_back(price.location);
    list += (list.empty() ? "" : ", ") + price.location;
  }
  const auto near = nearest(location, known);
  throw Error("Hetzner has no location \"" + location + "\"" +
              (near ? "; did you mean " + *near + "?" : ".") + " There are: " + list + ". Nothing was made.");
}

std::vector<const ServerType*> orderable(const Services& world, const Types& types,
                                         const std::string& location) {
  std::vector<const ServerType*> found;
  for (const auto& type : types)
    if (is_orderable(world, type, location)) found.push_back(&type);
  std::stable_sort(found.begin(), found.end(), [&](const ServerType* one, const ServerType* other) {
    return one->price_in(location)->hourly.net < other->price_in(location)->hourly.net;
  });
  return found;
}

std::string price_list(const Services& world, const std::vector<const ServerType*>& types,
                       const std::string& location, const std::string& currency) {
  std::string list;
  for (const auto* type : types)
    list += (list.empty() ? "" : ", ") + type->name + " (" +
            hourly_text(shown(world.settings, type->price_in(location)->hourly), currency) + ")";
  return list.empty() ? "nothing" : list;
}

Choice choose_type(const Services& world, const Types& types, const Wish& wish) {
  const auto wanted = hetzner::size_of(wish.type, types);
  if (!wanted) refuse_unknown(world, types, wish);
  const auto* type = hetzner::find_type(types, wish.type);
  const bool is_there = type && is_orderable(world, *type, wish.location);
  Choice choice;
  if (is_there) choice.types.push_back(sold(world, *type, wish.location));
  if (world.settings.substitutes != Substitutes::off) {
    const bool same_line = world.settings.substitutes == Substitutes::same;
    for (const auto* other : successors(*wanted, types, wish.location, world.clock.now(), same_line))
      choice.types.push_back(sold(world, *other, wish.location));
  }
  if (is_there) return choice;
  const auto why = why_not(world, *wanted, type, wish);
  if (choice.types.empty()) {
    choice.refusal = refusal(world, types, *wanted, why, wish);
  } else {
    const auto& first = choice.types.front();
    choice.replaced =
        why + ": " + first.type + " takes its place, " + hourly_text(first.hourly, wish.currency);
  }
  return choice;
}

std::string elsewhere(const Services& world, const Types& types,
                      const std::vector<hetzner::Location>& locations, const Wish& wish) {
  const auto* type = hetzner::find_type(types, wish.type);
  const auto here = std::find_if(locations.begin(), locations.end(),
                                 [&](const auto& one) { return one.name == wish.location; });
  if (!type || here == locations.end()) return "";
  std::string list;
  for (const auto& location : locations)
    if (location.network_zone == here->network_zone && is_orderable(world, *type, location.name))
      list += (list.empty() ? "" : ", ") + location.name;
  return list.empty() ? "" : " " + wish.type + " can be had in " + list + ": up " + wish.type + " location=…";
}

}  // namespace commands
