#pragma once
#include <string>
#include <vector>

#include "bot/chat.hpp"
#include "bot/sender.hpp"
#include "commands/runner.hpp"
#include "commands/verbs.hpp"

namespace bot {

/// Message → command → operation. A batch is stored before its chat may acknowledge it; each message is
/// handled once, in the order it came: the transaction that makes it done also writes its answer or its
/// operation, so that a restart handles just what is still new.
class Bot {
 public:
  Bot(commands::Services& world, commands::Runner& runner, std::vector<Chat*> chats);

  /// Handles what a process before this one left, then listens. Returns at once; all runs as tasks.
  void start();
  /// Stores what a chat brought.
  void receive(Chat& chat, const Batch& batch);
  /// Why a press is refused for want of a right, before it is received: the sentence; "" = it is for what it
  /// does to say.
  std::string why_not(const Chat& chat, const In& press);
  std::function<void()> on_handled = [] {};

 private:
  using Rows = std::vector<storage::InboxRow>;
  /// What becomes of a message besides an answer; none of both for most.
  struct Handled {
    std::string operation;  ///< to be started
    commands::Later later;
  };
  void store(const Chat& chat, const Batch& batch, Rows& added);
  void handle(const Rows& rows);
  std::vector<Handled> decide(const Rows& rows);
  Handled decide(const storage::InboxRow& row);
  void carry_out(const Rows& rows, const std::vector<Handled>& handled);
  net::awaitable<void> answer_later(storage::InboxRow row, commands::Later later);
  commands::Begin begin(const storage::InboxRow& row);
  commands::Caller caller_of(const storage::InboxRow& row);
  void answer(const storage::InboxRow& row, const std::string& text);

  commands::Services& world_;
  commands::Runner& runner_;
  std::vector<Chat*> chats_;
};

}  // namespace bot
