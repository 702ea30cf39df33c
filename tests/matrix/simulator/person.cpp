#include "tests/matrix/simulator/person.hpp"

#include <algorithm>

#include "tests/matrix/simulator/event_text.hpp"

namespace matrix::simulator {

using nlohmann::json;

namespace {

bool is_message_of_another(const Event& event, const std::string& me) {
  return event.type == "m.room.message" && event.sender != me && !event.is_raw && !event.redacted_by;
}

}  // namespace

Person::Person(Homeserver& home, const std::string& name, std::string room)
    : home_(home), id_(home.add_user(name)), room_(std::move(room)) {
  home_.join(id_, room_);
}

std::string Person::screen() const {
  std::string lines;
  for (const auto& event : home_.events_of(room_)) {
    if (!is_message_of_another(*event, id_)) continue;
    const bool is_edit = relation_of(event->content) == "m.replace";
    const auto& shown = is_edit ? event->content.value("m.new_content", json::object()) : event->content;
    lines += (is_edit ? "… " : "") + shown.value("body", "") + "\n";
  }
  return lines;
}

EventPtr Person::find_newest() const {
  const auto& events = home_.events_of(room_);
  const auto found = std::find_if(events.rbegin(), events.rend(),
                                  [&](const EventPtr& event) { return is_message_of_another(*event, id_); });
  return found == events.rend() ? nullptr : *found;
}

std::vector<std::string> Person::reactions_to(const std::string& event) const {
  std::vector<std::string> keys;
  const auto& relations = home_.room(room_).relations;
  const auto found = relations.find(event);
  if (found == relations.end()) return keys;
  for (const auto& one : found->second)
    if (one->sender != id_ && !one->redacted_by && relation_of(one->content) == "m.annotation")
      keys.push_back(one->content["m.relates_to"].value("key", ""));
  return keys;
}

std::size_t Person::acknowledged_by(const std::string& reader) const {
  const auto read = home_.sync_cache.acknowledged.find(reader);
  if (read == home_.sync_cache.acknowledged.end()) return 0;
  const auto& events = home_.events_of(room_);
  return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [&](const EventPtr& event) {
    return event->sender == id_ && event->type == "m.room.message" && event->position <= read->second;
  }));
}

}  // namespace matrix::simulator
