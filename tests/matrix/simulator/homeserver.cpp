#include "tests/matrix/simulator/homeserver.hpp"

#include "tests/matrix/simulator/event_text.hpp"

namespace matrix::simulator {

using nlohmann::json;

Homeserver::Homeserver(net::Executor executor, net::Clock& given_clock, Contents& given)
    : contents(given), clock(given_clock), changed(std::move(executor)) {}

std::int64_t Homeserver::now() const {
  return clock.now().time_since_epoch().count() + contents.clock_ahead_ms;
}

void Homeserver::advance(net::Duration time) { contents.clock_ahead_ms += time.count(); }

std::uint64_t Homeserver::stamp() {
  changed.notify();
  return ++contents.position;
}

std::string Homeserver::random_id() {
  constexpr auto letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string id;
  id.reserve(43);
  while (id.size() < 43) {
    auto bits = random_.next();
    for (int i = 0; i < 10 && id.size() < 43; ++i, bits >>= 6) id += letters[bits & 63];
  }
  return id;
}

void Homeserver::forget_caches() {
  sync_cache.forget_answers();
  message_limiter.clear();
  login_limiter.clear();
}

std::string Homeserver::add_user(const std::string& name, const std::string& password,
                                 const std::string& display_name) {
  User added;
  added.id = name.starts_with('@') ? name : "@" + name + ":" + contents.server_name;
  const auto local = added.id.substr(1, added.id.find(':') - 1);
  added.password = password.empty() ? local + "-pass" : password;
  added.display_name = display_name.empty() ? local : display_name;
  return contents.users.try_emplace(added.id, added).first->first;
}

Room& Homeserver::room(const std::string& id) {
  const auto found = contents.rooms.find(id);
  if (found == contents.rooms.end()) throw Refusal(404, "M_UNKNOWN", "No known servers");
  return found->second;
}

Room& Homeserver::joined_room(const std::string& user_id, const std::string& id) {
  const auto found = contents.rooms.find(id);
  if (found == contents.rooms.end() || found->second.membership(user_id) != "join")
    throw forbidden("User " + user_id + " not in room " + id);
  return found->second;
}

User& Homeserver::user(const std::string& id) {
  const auto found = contents.users.find(id);
  if (found == contents.users.end()) throw not_found("User not found");
  return found->second;
}

std::string Homeserver::resolve(const std::string& room_or_alias) const {
  if (!room_or_alias.starts_with('#')) return room_or_alias;
  const auto found = contents.aliases.find(room_or_alias);
  if (found == contents.aliases.end()) throw not_found("Room alias " + room_or_alias + " not found");
  return found->second;
}

EventPtr Homeserver::event_in(const std::string& room_id, const std::string& id) const {
  const auto found = contents.events.find(id);
  if (found == contents.events.end() || found->second->room != room_id) return nullptr;
  return found->second;
}

const std::vector<EventPtr>& Homeserver::events_of(const std::string& room_id) const {
  return contents.rooms.at(room_id).timeline;
}

EventPtr Homeserver::append(Draft draft) {
  auto& where = room(draft.room);
  auto event = std::make_shared<Event>();
  event->id = "$" + random_id();
  event->room = std::move(draft.room);
  event->sender = std::move(draft.sender);
  event->type = std::move(draft.type);
  event->content = std::move(draft.content);
  event->state_key = std::move(draft.state_key);
  event->redacts = std::move(draft.redacts);
  event->device = std::move(draft.device);
  event->txn = std::move(draft.txn);
  event->sent = now();
  event->text = text_of(*event);
  if (event->text.size() + signed_size > largest_event) throw Refusal(413, "M_TOO_LARGE", "event too large");
  event->position = stamp();
  if (event->state_key) {
    auto& values = where.state[{event->type, *event->state_key}];
    if (!values.empty()) event->replaced = values.back();
    values.push_back(event);
    if (event->type == "m.room.member") contents.users[*event->state_key].rooms.insert(where.id);
  }
  const auto target = related_event(event->content);
  if (!target.empty()) where.relations[target].push_back(event);
  where.timeline.push_back(event);
  contents.events.emplace(event->id, event);
  if (on_event) on_event(*event);
  return event;
}

void Homeserver::inject(const std::string& room_id, const std::string& json_text) {
  auto event = std::make_shared<Event>();
  const auto parsed = json::parse(json_text, nullptr, false);
  const auto field = [&](const char* name) {
    const auto is_text = parsed.is_object() && parsed.contains(name) && parsed[name].is_string();
    return is_text ? parsed[name].get<std::string>() : std::string();
  };
  event->id = field("event_id");
  event->sender = field("sender");
  event->type = field("type");
  event->room = room_id;
  event->sent = now();
  event->text = json_text;
  event->is_raw = true;
  auto& where = room(room_id);
  event->position = stamp();
  where.timeline.push_back(event);
  if (on_event) on_event(*event);
}

void Homeserver::set_account_data(const std::string& user_id, const std::string& type, const json& content) {
  auto& kept = user(user_id).account_data[type];
  kept.content = content;
  kept.position = stamp();
}

}  // namespace matrix::simulator
