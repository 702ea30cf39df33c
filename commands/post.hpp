#pragma once
#include <optional>
#include <string>

#include "commands/message.hpp"
#include "commands/services.hpp"

namespace commands {

/// Where a message goes.
struct Place {
  std::string chat;
  std::string room;
  std::string thread;
};

/// "matrix:@a:hs" of a person; "" when there is none.
std::string sender_of(storage::Storage& storage, std::int64_t person);

/// Where somebody wrote last in this chat; nullopt = never.
std::optional<Place> place_of(Services& world, const std::string& chat, std::int64_t person);
/// Whether what an operation came of was said to the bot alone, also by way of one that began it: nobody else
/// reads what is answered there. `origin`: the operation's, or an inbox key.
bool is_alone_with_us(Services& world, const std::string& origin);
/// Where the owner of a workspace is told what an operation has led to: where it was said, or, when that was
/// another one alone with the bot, where the owner wrote last.
Place place_for(Services& world, const storage::OperationRow& operation, std::int64_t owner);

/// Puts a message into the outbox and wakes whoever sends it; a key that is there already is the same
/// message. `kind`: see storage::OutboxRow.
void post(Services& world, const Place& place, const std::string& key, const std::string& kind,
          const Message& message);

/// What such a row says. Throws nlohmann::json::exception when it is no message of ours.
Message message_in(const storage::OutboxRow& row);

}  // namespace commands
