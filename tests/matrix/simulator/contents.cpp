#include "tests/matrix/simulator/contents.hpp"

#include <algorithm>
#include <limits>

namespace matrix::simulator {

using nlohmann::json;

namespace {

int number_in(const json& object, const std::string& key, int otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : otherwise;
}

json content_of(const EventPtr& event) { return event ? event->content : json::object(); }

}  // namespace

EventPtr Room::find_state_at(const StateKey& key, std::uint64_t position) const {
  const auto found = state.find(key);
  if (found == state.end()) return nullptr;
  const auto& values = found->second;
  const auto after = std::partition_point(values.begin(), values.end(),
                                          [&](const EventPtr& event) { return event->position <= position; });
  return after == values.begin() ? nullptr : *(after - 1);
}

std::string Room::membership(const std::string& user) const {
  const auto event = find_state("m.room.member", user);
  return event ? event->content.value("membership", "") : "";
}

std::vector<std::string> Room::members(const std::string& wanted) const {
  std::vector<std::string> found;
  for (auto at = state.lower_bound({"m.room.member", ""}); at != state.end(); ++at) {
    if (at->first.first != "m.room.member") break;
    if (at->second.back()->content.value("membership", "") == wanted) found.push_back(at->first.second);
  }
  return found;
}

bool Room::is_creator(const std::string& user) const {
  const auto created = find_state("m.room.create");
  if (!created) return false;
  if (created->sender == user) return true;
  const auto others = created->content.value("additional_creators", json::array());
  return std::find(others.begin(), others.end(), user) != others.end();
}

/// In room version 12 creators stand above every level.
int Room::power_of(const std::string& user) const {
  if (is_creator(user)) return std::numeric_limits<int>::max();
  const auto levels = content_of(find_state("m.room.power_levels"));
  return number_in(levels.value("users", json::object()), user, number_in(levels, "users_default", 0));
}

int Room::power_needed(const std::string& type, bool is_state) const {
  const auto levels = content_of(find_state("m.room.power_levels"));
  const auto otherwise = number_in(levels, is_state ? "state_default" : "events_default", is_state ? 50 : 0);
  return number_in(levels.value("events", json::object()), type, otherwise);
}

int Room::power_to(const std::string& action, int otherwise) const {
  return number_in(content_of(find_state("m.room.power_levels")), action, otherwise);
}

}  // namespace matrix::simulator
