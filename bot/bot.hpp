#pragma once
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bot/chat.hpp"
#include "bot/sender.hpp"
#include "commands/runner.hpp"
#include "commands/verbs.hpp"

namespace bot {

/// Message → command → operation. A batch is stored before its chat may acknowledge it; each message is
/// then handled once, in order within its room: the transaction that makes it done also writes its answer or
/// its operation, so that a restart handles just what is still new.
class Bot {
 public:
  Bot(commands::Services& world, commands::Runner& runner, std::vector<Chat*> chats);

  /// Handles what a process before this one left, then listens. Returns at once; all runs as tasks.
  void start();
  /// Stores what a chat brought.
  void receive(const Chat& chat, const Batch& batch);
  std::function<void()> on_handled = [] {};

 private:
  using Room = std::pair<std::string, std::string>;
  void take(const storage::InboxRow& row);
  net::awaitable<void> handle_room(Room room);
  net::awaitable<void> show_seen(Chat& chat, storage::InboxRow row);
  void handle(const storage::InboxRow& row);
  net::awaitable<void> answer_later(storage::InboxRow row, commands::Later later);
  commands::Begin begin(const storage::InboxRow& row);
  void answer(const storage::InboxRow& row, const std::string& text);
  void audit(const storage::InboxRow& row, const std::string& operation, const std::string& result);

  commands::Services& world_;
  commands::Runner& runner_;
  std::vector<Chat*> chats_;
  std::map<Room, std::deque<storage::InboxRow>> waiting_;
};

}  // namespace bot
