#include "bot/matrix/event.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bot/matrix/event_reader.hpp"
#include "bot/matrix/fields.hpp"
#include "bot/matrix/quoted.hpp"
#include "commands/printable.hpp"

namespace bot::matrix {
namespace {

using nlohmann::json;
using What = decltype(Event::what);

constexpr std::size_t shown_id = 80;

/// What is wrong with an event: a piece of a sentence.
struct Malformed {
  const char* why;
};
struct Dull {};
using Reading = std::variant<What, Dull, Malformed>;

/// An event, as far as every kind of it has the same fields.
struct Source {
  json& event;
  json& content;
  std::string state_key;
};

bool has_relation(json& content, const char* type) {
  auto* relation = find_object(content, "m.relates_to");
  const auto* given = relation ? find_text(*relation, "rel_type") : nullptr;
  return given && *given == type;
}

std::string related_event(json& content) {
  auto* relation = find_object(content, "m.relates_to");
  return relation ? take_text(*relation, "event_id") : "";
}

std::vector<std::string> mentions_in(json& content) {
  std::vector<std::string> people;
  auto* mentions = find_object(content, "m.mentions");
  auto* ids = mentions ? find_array(*mentions, "user_ids") : nullptr;
  if (!ids) return people;
  for (auto& id : *ids)
    if (auto* text = id.get_ptr<std::string*>()) people.push_back(std::move(*text));
  return people;
}

Reading text(Source& source) {
  auto& content = source.content;
  const auto* type = find_text(content, "msgtype");
  if (!type) return Malformed{"it has no msgtype"};
  if (*type != "m.text" || has_relation(content, "m.replace")) return Dull{};
  auto* body = find_text(content, "body");
  if (!body) return Malformed{"its body is no text"};
  Text said;
  said.body = without_quote(std::move(*body));
  const auto* format = find_text(content, "format");
  if (format && *format == "org.matrix.custom.html")
    said.html = html_without_quote(take_text(content, "formatted_body"));
  said.mentions = mentions_in(content);
  if (has_relation(content, "m.thread")) said.thread = related_event(content);
  if (!said.thread.empty() && !is_id(said.thread)) return Malformed{"its thread has no id"};
  return What(std::move(said));
}

/// Some clients send ✔ with U+FE0F and some without.
std::string without_variation(std::string key) {
  constexpr std::string_view selector = "\xEF\xB8\x8F";
  for (auto at = key.find(selector); at != std::string::npos; at = key.find(selector, at))
    key.erase(at, selector.size());
  return key;
}

Reading reaction(Source& source) {
  if (!has_relation(source.content, "m.annotation")) return Malformed{"it is no m.annotation"};
  Reaction pressed;
  pressed.key = without_variation(take_text(source.content["m.relates_to"], "key"));
  pressed.target = related_event(source.content);
  if (!is_id(pressed.target)) return Malformed{"it does not say to what it reacts"};
  if (pressed.key.empty()) return Malformed{"it has no key"};
  return What(std::move(pressed));
}

/// Room versions up to 10 have `redacts` beside the content.
Reading redaction(Source& source) {
  Redaction redacted{take_text(source.content, "redacts")};
  if (redacted.target.empty()) redacted.target = take_text(source.event, "redacts");
  if (!is_id(redacted.target)) return Malformed{"it does not say what it redacts"};
  return What(std::move(redacted));
}

Reading tombstone(Source& source) {
  Tombstone stone{take_text(source.content, "replacement_room")};
  if (!is_id(stone.replacement)) return Malformed{"it names no replacement_room"};
  return What(std::move(stone));
}

Reading encryption(Source&) { return What(EncryptionOn{}); }

Reading unreadable(Source& source) {
  if (has_relation(source.content, "m.replace")) return Dull{};
  return What(Unreadable{});
}

Reading membership(Source& source) {
  Membership member;
  member.user = std::move(source.state_key);
  member.membership = take_text(source.content, "membership");
  member.is_direct = is_true(source.content, "is_direct");
  if (!is_id(member.user)) return Malformed{"it does not say whose membership it is"};
  if (member.membership.empty()) return Malformed{"it has no membership"};
  return What(std::move(member));
}

/// Anybody may send a message of any type: it is the state_key that makes it the room's state, for which a
/// power level is needed. What `outlives` a redaction: a membership keeps its word, and a room once encrypted
/// stays so.
struct Kind {
  std::string_view type;
  Reading (*read)(Source&);
  bool is_state;
  bool outlives;
};
constexpr std::array kinds = {
    Kind{"m.room.message", text, false, false},        Kind{"m.reaction", reaction, false, false},
    Kind{"m.room.redaction", redaction, false, false}, Kind{"m.room.encrypted", unreadable, false, false},
    Kind{"m.room.member", membership, true, true},     Kind{"m.room.tombstone", tombstone, true, false},
    Kind{"m.room.encryption", encryption, true, true},
};

bool is_redacted(json& event, const json& content) {
  auto* unsigned_part = find_object(event, "unsigned");
  return content.empty() || (unsigned_part && find(*unsigned_part, "redacted_because"));
}

/// A clock that is ahead of ours makes nothing younger than now.
net::Time sent_at(json& event, net::Time now) {
  using std::chrono::milliseconds;
  std::optional<std::int64_t> age;
  if (auto* unsigned_part = find_object(event, "unsigned")) age = find_number(*unsigned_part, "age");
  if (age && *age >= 0 && milliseconds(*age) <= now.time_since_epoch()) return now - milliseconds(*age);
  const auto stamp = find_number(event, "origin_server_ts");
  if (stamp && *stamp >= 0) return std::min(net::Time(milliseconds(*stamp)), now);
  return now;
}

std::string shown(std::string_view id) {
  auto line = commands::printable(id);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return commands::cut(line, shown_id);
}

}  // namespace

void EventReader::skip(std::string_view what, std::string_view room, std::string_view why) {
  skipped.push_back(shown(what) + (room.empty() ? "" : " in " + shown(room)) +
                    " is left out: " + std::string(why));
}

std::optional<Event> EventReader::read(json& source, std::string_view room) {
  const auto named_room = room.empty() ? take_text(source, "room_id") : std::string(room);
  const auto malformed = [&](const std::string& id, std::string_view why) {
    skip("event " + (id.empty() ? "without id" : id), named_room, why);
    return std::nullopt;
  };
  if (!source.is_object()) return malformed("", "it is no object");
  Event event;
  event.id = take_text(source, "event_id");
  const auto type = take_text(source, "type");
  if (type.empty()) return malformed(event.id, "it has no type");
  const auto* kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return one.type == type; });
  auto* state_key = find_text(source, "state_key");
  if (kind == kinds.end() || kind->is_state != (state_key != nullptr)) return std::nullopt;

  event.sender = take_text(source, "sender");
  const bool is_about_us = type == "m.room.member" && *state_key == self_;
  if (event.sender == self_ && !is_about_us) return std::nullopt;
  auto* content = find_object(source, "content");
  if (!content) return malformed(event.id, "it has no content");
  if (!kind->outlives && is_redacted(source, *content)) return std::nullopt;
  if (!is_id(event.sender) || !event.sender.starts_with('@')) return malformed(event.id, "it has no sender");
  if (!is_id(event.id) && !(kind->is_state && event.id.empty())) return malformed(event.id, "it has no id");

  event.sent = sent_at(source, now_);
  Source parts{source, *content, state_key ? std::move(*state_key) : ""};
  auto reading = kind->read(parts);
  if (const auto* wrong = std::get_if<Malformed>(&reading)) return malformed(event.id, wrong->why);
  auto* what = std::get_if<What>(&reading);
  if (!what) return std::nullopt;
  event.what = std::move(*what);
  return event;
}

std::vector<Event> EventReader::read_all(json* list, std::string_view room) {
  std::vector<Event> events;
  if (!list) return events;
  for (auto& source : *list)
    if (auto event = read(source, room)) events.push_back(std::move(*event));
  return events;
}

}  // namespace bot::matrix
