#include "tests/matrix/simulator/event_text.hpp"

#include <algorithm>
#include <iterator>

namespace matrix::simulator {

using nlohmann::json;

namespace {

std::string text_in(const json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

EventPtr latest_edit(const Room& room, const Event& event) {
  const auto found = room.relations.find(event.id);
  if (found == room.relations.end() || event.redacted_by) return nullptr;
  const auto edit = std::find_if(found->second.rbegin(), found->second.rend(), [&](const EventPtr& one) {
    return !one->redacted_by && one->sender == event.sender && relation_of(one->content) == "m.replace";
  });
  return edit == found->second.rend() ? nullptr : *edit;
}

/// What an event brings along with it says nothing of its reader.
Reader inner(const Reader& reader) {
  return {reader.now, reader.device, "", reader.with_room, nullptr, false};
}

void write_membership(std::string& out, const Event& event, const Reader& reader) {
  const auto own = reader.room->find_state_at({"m.room.member", reader.user}, event.position);
  out += ",\"membership\":" + json_text(own ? own->content.value("membership", "leave") : "leave");
}

void write_unsigned(std::string& out, const Event& event, const std::string& age, const Reader& reader) {
  out += ",\"unsigned\":{\"age\":" + age;
  if (!event.txn.empty() && event.device == reader.device)
    out += ",\"transaction_id\":" + json_text(event.txn);
  if (reader.room && !reader.user.empty()) write_membership(out, event, reader);
  if (event.replaced) {
    out += ",\"replaces_state\":" + json_text(event.replaced->id);
    out += ",\"prev_content\":" + dumped(event.replaced->content);
    out += ",\"prev_sender\":" + json_text(event.replaced->sender);
  }
  if (event.redacted_by) {
    out += ",\"redacted_by\":" + json_text(event.redacted_by->id) + ",\"redacted_because\":";
    write(out, *event.redacted_by, inner(reader));
  }
  const auto edit = reader.room && reader.with_edits ? latest_edit(*reader.room, event) : nullptr;
  if (edit) {
    out += ",\"m.relations\":{\"m.replace\":";
    write(out, *edit, inner(reader));
    out += '}';
  }
  out += '}';
}

}  // namespace

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }
std::string json_text(const std::string& text) { return dumped(text); }

std::string text_of(const Event& event) {
  auto text = "{\"content\":" + dumped(event.content) + ",\"event_id\":" + json_text(event.id) +
              ",\"origin_server_ts\":" + std::to_string(event.sent);
  if (!event.redacts.empty()) text += ",\"redacts\":" + json_text(event.redacts);
  text += ",\"sender\":" + json_text(event.sender);
  if (event.state_key) text += ",\"state_key\":" + json_text(*event.state_key);
  return text + ",\"type\":" + json_text(event.type);
}

std::string related_event(const json& content) {
  const auto found = content.find("m.relates_to");
  return found == content.end() ? "" : text_in(*found, "event_id");
}

std::string relation_of(const json& content) {
  const auto found = content.find("m.relates_to");
  return found == content.end() ? "" : text_in(*found, "rel_type");
}

void write(std::string& out, const Event& event, const Reader& reader) {
  out += event.text;
  if (event.is_raw) return;
  const auto age = std::to_string(std::max<std::int64_t>(0, reader.now - event.sent));
  if (reader.with_room)
    out += ",\"age\":" + age + ",\"room_id\":" + json_text(event.room) +
           ",\"user_id\":" + json_text(event.sender);
  write_unsigned(out, event, age, reader);
  out += '}';
}

void write_stripped(std::string& out, const Event& event) {
  out += "{\"content\":" + dumped(event.content) + ",\"sender\":" + json_text(event.sender) +
         ",\"state_key\":" + json_text(event.state_key.value_or("")) + ",\"type\":" + json_text(event.type) +
         '}';
}

}  // namespace matrix::simulator
