#pragma once
#include <string>
#include <vector>

#include "commands/plan.hpp"

namespace commands {

/// A server type that somebody asks for.
struct Wish {
  std::string type;
  std::string location;
  std::string currency;
};

/// Throws Error, naming those that there are, when Hetzner sells nothing there.
void check_location(const Offer& offer, const std::string& location);

/// What can be had for a wish: the type itself where it can be ordered, then what may take its place,
/// cheapest first. With no types, `refusal` says why and what else is sold.
struct Choice {
  std::vector<Sold> types;
  std::string replaced;  ///< "cpx31 is no longer sold in fsn1 (it was €0.1001/h): cpx32 …"; "" = as wished
  std::string refusal;
};

/// By [hetzner] substitutes, within the location. Throws Error for a type that has never been.
Choice choose_type(const Services& world, const std::vector<hetzner::ServerType>& types, const Wish& wish);

/// " In nbg1 it can be had: up cpx32 location=nbg1": other locations of the same network zone, for a
/// workspace that is not bound to one yet; "" = nowhere.
std::string elsewhere(const Services& world, const std::vector<hetzner::ServerType>& types,
                      const std::vector<hetzner::Location>& locations, const Wish& wish);

/// "cpx22 (€0.0312/h), cpx32 (€0.0569/h)".
std::string price_list(const Services& world, const std::vector<const hetzner::ServerType*>& types,
                       const std::string& location, const std::string& currency);

/// Types that can be ordered in the location now, cheapest first.
std::vector<const hetzner::ServerType*> orderable(const Services& world,
                                                  const std::vector<hetzner::ServerType>& types,
                                                  const std::string& location);

}  // namespace commands
