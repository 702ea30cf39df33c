#include "tests/matrix/simulator/filter.hpp"

#include <algorithm>

namespace matrix::simulator {

using nlohmann::json;

namespace {

/// Synapse's filter_timeline_limit.
constexpr std::size_t largest_limit = 100;

using Names = std::vector<std::string>;

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A type may end in a star.
bool matches(const Names& patterns, const std::string& type) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    if (!pattern.ends_with('*')) return pattern == type;
    return type.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
  });
}

std::optional<Names> names_in(const json& filter, const char* key) {
  const auto found = filter.find(key);
  if (found == filter.end() || !found->is_array()) return std::nullopt;
  return found->get<Names>();
}

const json& part(const json& filter, const char* key) {
  static const json none = json::object();
  const auto found = filter.find(key);
  return found == filter.end() || !found->is_object() ? none : *found;
}

}  // namespace

bool EventFilter::wants(const Event& event) const {
  const bool is_unclear = event.is_raw && (event.type.empty() || event.sender.empty());
  return is_unclear || wants(event.type, event.sender);
}

bool EventFilter::wants(const std::string& type, const std::string& sender) const {
  if (types && !matches(*types, type)) return false;
  if (matches(not_types, type)) return false;
  if (senders && !holds(*senders, sender)) return false;
  return !holds(not_senders, sender);
}

bool EventFilter::wants_room(const std::string& room) const {
  return (!rooms || holds(*rooms, room)) && !holds(not_rooms, room);
}

EventFilter event_filter(const json& filter) {
  EventFilter read;
  const auto limit = filter.find("limit");
  if (limit != filter.end() && limit->is_number_integer())
    read.limit = std::min(limit->get<std::size_t>(), largest_limit);
  read.types = names_in(filter, "types");
  read.not_types = names_in(filter, "not_types").value_or(Names());
  read.senders = names_in(filter, "senders");
  read.not_senders = names_in(filter, "not_senders").value_or(Names());
  read.rooms = names_in(filter, "rooms");
  read.not_rooms = names_in(filter, "not_rooms").value_or(Names());
  read.lazy_load_members = filter.value("lazy_load_members", false);
  return read;
}

SyncFilter sync_filter(const json& filter) {
  const auto& room = part(filter, "room");
  SyncFilter read;
  read.account_data = event_filter(part(filter, "account_data"));
  read.room = event_filter(room);
  read.timeline = event_filter(part(room, "timeline"));
  read.state = event_filter(part(room, "state"));
  read.ephemeral = event_filter(part(room, "ephemeral"));
  read.include_leave = room.value("include_leave", false);
  return read;
}

}  // namespace matrix::simulator
