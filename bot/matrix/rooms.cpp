#include "bot/matrix/rooms.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "commands/people.hpp"

namespace bot::matrix {
namespace {

constexpr int most_successors = 20;

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return !text.empty() && std::find(list.begin(), list.end(), text) != list.end();
}

/// What a room says about itself.
void apply(storage::RoomRow& row, const Event& event) {
  // Not for an encrypted event: anybody can send one, into any room.
  if (std::holds_alternative<EncryptionOn>(event.what)) row.encrypted = true;
  const auto* tombstone = std::get_if<Tombstone>(&event.what);
  if (tombstone && tombstone->replacement != row.id) row.successor = tombstone->replacement;
}

}  // namespace

Rooms::Rooms(storage::Rooms& rows, const Options& options) : rows_(rows), options_(options) {
  for (auto& row : rows_.all(chat_name)) known_.emplace(row.id, row);
}

const storage::RoomRow* Rooms::find(const std::string& id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? nullptr : &found->second;
}

const storage::RoomRow* Rooms::find_alias(const std::string& alias) const {
  for (const auto& [id, room] : known_)
    if (room.alias == alias) return &room;
  return nullptr;
}

std::vector<storage::RoomRow> Rooms::in_state(const std::string& state) const {
  std::vector<storage::RoomRow> rooms;
  for (const auto& [id, room] : known_)
    if (room.state == state) rooms.push_back(room);
  return rooms;
}

bool Rooms::is_configured(const storage::RoomRow& room) const {
  return contains(options_.rooms, room.id) || contains(options_.rooms, room.alias);
}

bool Rooms::is_ours(const storage::RoomRow& room) const { return room.admitted || is_configured(room); }

bool Rooms::is_direct(const storage::RoomRow& room) { return !room.partner.empty() && room.members <= 2; }

std::string Rooms::current(const std::string& id) const {
  auto at = id;
  for (int steps = 0; steps < most_successors; ++steps) {
    const auto* room = find(at);
    const auto* next = room && !room->successor.empty() ? find(room->successor) : nullptr;
    if (!next || next->state != "joined") return at;
    at = next->id;
  }
  return at;
}

bool Rooms::is_moving(const std::string& id) const {
  const auto* room = find(id);
  return room && !room->successor.empty() && current(id) == id;
}

const storage::RoomRow* Rooms::predecessor(const std::string& id) const {
  for (const auto& [known, room] : known_)
    if (room.successor == id && is_ours(room)) return &room;
  return nullptr;
}

bool Rooms::is_inviter(const std::string& user) const {
  return std::any_of(options_.inviters.begin(), options_.inviters.end(),
                     [&](const auto& pattern) { return commands::matches(pattern, user); });
}

storage::RoomRow Rooms::row_of(const std::string& id, const std::string& state, net::Time now) const {
  if (const auto* known = find(id)) return *known;
  storage::RoomRow row;
  row.chat = chat_name;
  row.id = id;
  row.state = state;
  row.since = now;
  return row;
}

void Rooms::keep(const storage::RoomRow& row) {
  const auto* known = find(row.id);
  if (known && *known == row) return;
  known_[row.id] = row;
  rows_.put(row);
}

void Rooms::joined(const JoinedRoom& room, net::Time now) {
  auto row = row_of(room.id, "joined", now);
  row.state = "joined";
  if (room.members) row.members = *room.members;
  for (const auto& event : room.state) apply(row, event);
  for (const auto& event : room.timeline) apply(row, event);
  keep(row);
  if (!row.successor.empty() && is_ours(row)) expect(row, now);
}

/// The successor of a room of ours is ours, when we get into it.
void Rooms::expect(const storage::RoomRow& room, net::Time now) {
  const auto* known = find(room.successor);
  if (known && known->admitted) return;
  auto next = row_of(room.successor, "invited", now);
  next.admitted = true;
  next.partner = room.partner;
  if (next.state != "joined") next.state = "invited";
  spdlog::info("matrix: the room {} was replaced by {}", room.id, next.id);
  keep(next);
}

void Rooms::invited(const Invitation& invitation, net::Time now) {
  auto row = row_of(invitation.room, "invited", now);
  const bool is_welcome = is_inviter(invitation.inviter) || is_ours(row);
  row.state = is_welcome ? "invited" : "unwelcome";
  // Being thrown out and invited again is a new beginning.
  row.since = now;
  if (is_welcome) row.admitted = true;
  if (is_welcome && invitation.is_direct) row.partner = invitation.inviter;
  row.encrypted = row.encrypted || invitation.is_encrypted;
  if (!is_welcome)
    spdlog::warn("matrix: {} invites to {} and is not in [matrix] inviters; refused", invitation.inviter,
                 invitation.room);
  keep(row);
}

void Rooms::left(const std::string& id) {
  const auto* known = find(id);
  if (known && known->state == "joined") set_state(id, "left");
}

void Rooms::told_direct(const std::map<std::string, std::string>& partners) {
  for (const auto& [id, user] : partners) {
    const auto* known = find(id);
    if (!known || !known->partner.empty() || !is_inviter(user)) continue;
    auto row = *known;
    row.partner = user;
    row.admitted = true;
    keep(row);
  }
}

void Rooms::wanted(const std::string& id, const std::string& alias, net::Time now) {
  auto row = row_of(id, "invited", now);
  if (row.alias.empty()) row.alias = alias;
  if (row.state != "joined") row.state = "invited";
  keep(row);
}

void Rooms::forget(const std::string& id) {
  const auto* known = find(id);
  if (!known || known->state != "unwelcome") return;
  rows_.remove(chat_name, id);
  known_.erase(id);
}

void Rooms::set_state(const std::string& id, const std::string& state) {
  const auto* known = find(id);
  if (!known) return;
  auto row = *known;
  row.state = state;
  keep(row);
}

void Rooms::disown(const std::string& id) {
  const auto* known = find(id);
  if (!known) return;
  auto row = *known;
  row.admitted = false;
  row.state = "unwelcome";
  keep(row);
  const auto* before = predecessor(id);
  if (!before) return;
  auto older = *before;
  older.successor.clear();
  keep(older);
}

}  // namespace bot::matrix
