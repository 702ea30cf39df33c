#pragma once
#include <nlohmann/json.hpp>

#include "bot/matrix/event.hpp"

namespace bot::matrix {

/// What was read of an event, whole, to be compared. `sent` is in ms.
inline nlohmann::json told(const Event& event) {
  nlohmann::json all = {
      {"id", event.id}, {"sender", event.sender}, {"sent", event.sent.time_since_epoch().count()}};
  if (const auto* text = std::get_if<Text>(&event.what)) {
    all["text"] = text->body;
    if (!text->html.empty()) all["html"] = text->html;
    if (!text->mentions.empty()) all["mentions"] = text->mentions;
    if (!text->thread.empty()) all["thread"] = text->thread;
  }
  if (const auto* reaction = std::get_if<Reaction>(&event.what))
    all["reaction"] = {reaction->target, reaction->key};
  if (const auto* redaction = std::get_if<Redaction>(&event.what)) all["redaction"] = redaction->target;
  if (const auto* stone = std::get_if<Tombstone>(&event.what)) all["tombstone"] = stone->replacement;
  if (std::holds_alternative<EncryptionOn>(event.what)) all["encryption"] = true;
  if (std::holds_alternative<Unreadable>(event.what)) all["unreadable"] = true;
  if (const auto* member = std::get_if<Membership>(&event.what))
    all["member"] = {member->user, member->membership, member->is_direct};
  return all;
}

inline nlohmann::json told(const std::vector<Event>& events) {
  auto all = nlohmann::json::array();
  for (const auto& event : events) all.push_back(told(event));
  return all;
}

inline nlohmann::json told(const Sync& sync) {
  nlohmann::json all = {{"next_batch", sync.next_batch}, {"left", sync.left}, {"skipped", sync.skipped}};
  for (const auto& room : sync.joined) {
    auto& one = all["joined"][room.id];
    one = {{"state", told(room.state)},
           {"timeline", told(room.timeline)},
           {"limited", room.limited},
           {"prev_batch", room.prev_batch}};
    if (room.members) one["members"] = *room.members;
  }
  for (const auto& invited : sync.invitations)
    all["invited"][invited.room] = {invited.inviter, invited.is_direct, invited.is_encrypted};
  if (sync.direct) all["direct"] = *sync.direct;
  return all;
}

}  // namespace bot::matrix
