#include <algorithm>

#include "tests/matrix/simulator/event_text.hpp"
#include "tests/matrix/simulator/homeserver.hpp"

/// What people say in rooms, and what they take back.
namespace matrix::simulator {

using nlohmann::json;

namespace {

void check_power(const Room& room, const std::string& user, int needed) {
  const auto power = room.power_of(user);
  if (power < needed)
    throw forbidden("You don't have permission to post that to the room. user_level (" +
                    std::to_string(power) + ") < send_level (" + std::to_string(needed) + ")");
}

/// A second reaction of the same person with the same key.
void check_annotation(const Room& room, const std::string& user, const json& content) {
  if (relation_of(content) != "m.annotation") return;
  const auto found = room.relations.find(related_event(content));
  if (found == room.relations.end()) return;
  const auto key = content["m.relates_to"].value("key", "");
  const bool is_repeated = std::any_of(found->second.begin(), found->second.end(), [&](const EventPtr& one) {
    return !one->redacted_by && one->sender == user && relation_of(one->content) == "m.annotation" &&
           one->content["m.relates_to"].value("key", "") == key;
  });
  if (is_repeated) throw Refusal(400, "M_DUPLICATE_ANNOTATION", "Can't send same reaction twice");
}

void check_thread(const Homeserver& home, const std::string& room, const json& content) {
  if (relation_of(content) != "m.thread") return;
  const auto root = home.event_in(room, related_event(content));
  if (root && !relation_of(root->content).empty())
    throw Refusal(400, "M_UNKNOWN", "Cannot start threads from an event with a relation");
}

void check_target(const Homeserver& home, const std::string& room, const json& content) {
  if (relation_of(content).empty()) return;
  const auto target = home.contents.events.find(related_event(content));
  if (target == home.contents.events.end())
    throw Refusal(400, "M_UNKNOWN", "Can't send relation to unknown event");
  if (target->second->room != room) throw Refusal(400, "M_UNKNOWN", "Relations must be in the same room");
}

/// What redaction leaves of a content.
json stripped(const Event& event) {
  if (event.type == "m.room.create") return event.content;
  json left = json::object();
  if (event.type == "m.room.member" && event.content.contains("membership"))
    left["membership"] = event.content["membership"];
  return left;
}

std::string transaction(const Session& session, const std::string& path, const std::string& txn) {
  return session.key() + '/' + path + '/' + txn;
}

Draft checked_message(Homeserver& home, const std::string& user, const std::string& room_id,
                      const std::string& type, const json& content) {
  if (!content.is_object()) throw Refusal(400, "M_BAD_JSON", "Content must be a JSON object.");
  const auto& room = home.joined_room(user, room_id);
  check_power(room, user, room.power_needed(type, false));
  check_target(home, room_id, content);
  check_annotation(room, user, content);
  check_thread(home, room_id, content);
  return {.room = room_id, .sender = user, .type = type, .content = content};
}

Draft checked_redaction(Homeserver& home, const std::string& user, const std::string& room_id,
                        const std::string& event, const std::string& reason) {
  const auto& room = home.joined_room(user, room_id);
  const auto target = home.event_in(room_id, event);
  if (!target) throw not_found("Could not find event " + event);
  if (target->sender != user) check_power(room, user, room.power_to("redact", 50));
  json content = {{"redacts", event}};
  if (!reason.empty()) content["reason"] = reason;
  return {.room = room_id, .sender = user, .type = "m.room.redaction", .content = content, .redacts = event};
}

std::string append_redaction(Homeserver& home, const Draft& draft) {
  const auto target = home.event_in(draft.room, draft.redacts);
  const auto redaction = home.append(draft);
  target->redacted_by = redaction;
  target->content = stripped(*target);
  target->text = text_of(*target);
  return redaction->id;
}

json message(const std::string& text) {
  return {{"msgtype", "m.text"}, {"body", text}, {"m.mentions", json::object()}};
}

}  // namespace

void Homeserver::take_message(const std::string& who) {
  if (user(who).is_exempt) return;
  message_limiter.check(who, contents.limits.messages, now());
  message_limiter.count(who, contents.limits.messages, now());
}

std::string Homeserver::send(const Session& session, const std::string& room_id, const std::string& type,
                             const std::string& txn, const json& content) {
  const auto key = transaction(session, room_id + '/' + type, txn);
  const auto sent = contents.transactions.find(key);
  if (sent != contents.transactions.end()) return sent->second;
  const bool is_limited = !user(session.user).is_exempt;
  if (is_limited) message_limiter.check(session.user, contents.limits.messages, now());
  auto draft = checked_message(*this, session.user, room_id, type, content);
  draft.device = session.key();
  draft.txn = txn;
  const auto event = append(std::move(draft));
  if (is_limited) message_limiter.count(session.user, contents.limits.messages, now());
  return contents.transactions[key] = event->id;
}

std::string Homeserver::send_redaction(const Session& session, const std::string& room_id,
                                       const std::string& event, const std::string& txn,
                                       const std::string& reason) {
  const auto key = transaction(session, room_id + "/redact/" + event, txn);
  const auto sent = contents.transactions.find(key);
  if (sent != contents.transactions.end()) return sent->second;
  const bool is_limited = !user(session.user).is_exempt;
  if (is_limited) message_limiter.check(session.user, contents.limits.messages, now());
  auto draft = checked_redaction(*this, session.user, room_id, event, reason);
  draft.device = session.key();
  draft.txn = txn;
  const auto id = append_redaction(*this, draft);
  if (is_limited) message_limiter.count(session.user, contents.limits.messages, now());
  return contents.transactions[key] = id;
}

std::string Homeserver::post(const std::string& who, const std::string& room_id, const std::string& type,
                             const json& content) {
  return append(checked_message(*this, who, room_id, type, content))->id;
}

std::string Homeserver::say(const std::string& who, const std::string& room_id, const std::string& text,
                            const json& more) {
  auto content = message(text);
  content.update(more);
  return post(who, room_id, "m.room.message", content);
}

std::string Homeserver::react(const std::string& who, const std::string& room_id, const std::string& event,
                              const std::string& key) {
  const json relation = {{"rel_type", "m.annotation"}, {"event_id", event}, {"key", key}};
  return post(who, room_id, "m.reaction", {{"m.relates_to", relation}});
}

std::string Homeserver::edit(const std::string& who, const std::string& room_id, const std::string& event,
                             const std::string& text) {
  auto content = message("* " + text);
  content["m.new_content"] = message(text);
  content["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", event}};
  return post(who, room_id, "m.room.message", content);
}

std::string Homeserver::redact(const std::string& who, const std::string& room_id, const std::string& event,
                               const std::string& reason) {
  return append_redaction(*this, checked_redaction(*this, who, room_id, event, reason));
}

std::string Homeserver::set_state(const std::string& who, const std::string& room_id, const std::string& type,
                                  const std::string& key, const json& content) {
  if (!content.is_object()) throw Refusal(400, "M_BAD_JSON", "Content must be a JSON object.");
  const auto& where = joined_room(who, room_id);
  check_power(where, who, where.power_needed(type, true));
  const auto before = where.find_state(type, key);
  if (before && before->content == content) return before->id;  // Synapse makes no second event of the same
  Draft draft{.room = room_id, .sender = who, .type = type, .content = content, .state_key = key};
  return append(std::move(draft))->id;
}

void Homeserver::set_power(const std::string& who, const std::string& room_id, const std::string& whom,
                           int level) {
  auto levels = joined_room(who, room_id).find_state("m.room.power_levels")->content;
  levels["users"][whom] = level;
  set_state(who, room_id, "m.room.power_levels", "", levels);
}

}  // namespace matrix::simulator
