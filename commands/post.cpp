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

bool is_alone_with_us(Services& world, const std::string& inbox_key) {
  const auto message = world.storage.inbox.find(inbox_key);
  return message && message->direct;
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
