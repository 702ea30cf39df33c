#include "commands/zones.hpp"

#include <map>
#include <stdexcept>
#include <vector>

#include "commands/nearest.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

/// The names that say where, by themselves in lower case; the database is read once.
const std::map<std::string, std::string>& zones() {
  static const auto all = [] {
    std::map<std::string, std::string> names;
    for (const auto& zone : date::get_tzdb().zones) names[lower(zone.name())] = zone.name();
    return names;
  }();
  return all;
}

const date::time_zone* located(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace

const date::time_zone& zone_named(const std::string& name) {
  const auto* zone = located(name);
  return zone ? *zone : *date::locate_zone("UTC");
}

LocalTime local_time(net::Time time, const date::time_zone& zone) { return zone.to_local(time); }

net::Time instant_of(LocalTime time, const date::time_zone& zone, date::choose which) {
  return std::chrono::time_point_cast<net::Duration>(zone.to_sys(time, which));
}

bool is_zone(const std::string& zone) { return located(zone) != nullptr; }

std::optional<std::string> find_zone(const std::string& text) {
  const auto found = zones().find(lower(text));
  if (found == zones().end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> nearest_zone(const std::string& text) {
  std::vector<std::string_view> names;
  for (const auto& [name, zone] : zones()) {
    if (name.ends_with("/" + lower(text))) return zone;
    names.emplace_back(name);
  }
  const auto near = nearest(text, names);
  if (!near) return std::nullopt;
  return zones().at(*near);
}

}  // namespace commands
