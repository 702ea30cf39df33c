#include "commands/post.hpp"

namespace commands {

std::string sender_of(storage::Storage& storage, std::int64_t person) {
  const auto row = storage.people.find(person);
  return row ? row->platform + ":" + row->user : "";
}

std::optional<Place> place_of(Services& world, const std::string& chat, std::int64_t person) {
  const auto last = world.storage.inbox.last_of(chat, sender_of(world.storage, person));
  if (!last) return std::nullopt;
  return Place{last->chat, last->room, ""};
}

bool is_alone_with_us(Services& world, const std::string& origin) {
  const auto message = world.storage.inbox.find(origin);
  if (message) return message->direct;
  const auto begun_by = world.storage.journal.find(origin.substr(0, origin.find(':')));
  return begun_by && is_alone_with_us(world, begun_by->origin);
}

Place place_for(Services& world, const storage::OperationRow& operation, std::int64_t owner) {
  const Place said{operation.chat, operation.room, operation.thread};
  if (operation.actor == owner || !is_alone_with_us(world, operation.origin)) return said;
  return place_of(world, operation.chat, owner).value_or(said);
}

Message message_in(const storage::OutboxRow& row) { return nlohmann::json::parse(row.body).get<Message>(); }

void post(Services& world, const Place& place, const std::string& key, const std::string& kind,
          const Message& message) {
  storage::OutboxRow row;
  row.key = key;
  row.chat = place.chat;
  row.room = place.room;
  row.thread = place.thread;
  row.kind = kind;
  row.body = nlohmann::json(message).dump();
  row.due = world.clock.now();
  if (world.storage.outbox.add(row)) world.voice.said(row.chat);
}

}  // namespace commands
