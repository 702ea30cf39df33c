#include "bot/terminal_session.hpp"

#include <algorithm>

namespace bot {
namespace {

bool is_here(const storage::OperationRow& operation) { return operation.chat == "console"; }

}  // namespace

TerminalSession::TerminalSession(commands::Services& world, Console& console, std::function<void(int)> quit)
    : world_(world), console_(console), quit_(std::move(quit)), since_(world.clock.now()) {
  console_.on_end = [this] {
    ended_ = true;
    look();
  };
  console_.on_quit = [this] { quit_(0); };
}

void TerminalSession::look() {
  if (ended_) answer_no();
  if (!is_idle()) return;
  if (!ended_) return console_.ready_for_next();
  const auto waiting = world_.storage.journal.unfinished();
  const bool all_ended = std::none_of(waiting.begin(), waiting.end(), is_here);
  const auto chats = world_.storage.outbox.waiting_chats();
  const bool all_shown = std::find(chats.begin(), chats.end(), console_.name()) == chats.end();
  if (all_ended && all_shown) quit_(has_failed() ? 1 : 0);
}

bool TerminalSession::is_idle() const {
  const auto inbox = world_.storage.inbox.unhandled();
  if (std::any_of(inbox.begin(), inbox.end(), [](const auto& row) { return row.chat == "console"; }))
    return false;
  const auto operations = world_.storage.journal.unfinished();
  return std::none_of(operations.begin(), operations.end(),
                      [](const auto& one) { return is_here(one) && one.state != "waiting"; });
}

void TerminalSession::answer_no() {
  auto& journal = world_.storage.journal;
  for (const auto& operation : journal.unfinished()) {
    if (!is_here(operation) || operation.state != "waiting") continue;
    for (const auto& question : journal.open_questions(operation.actor, world_.clock.now()))
      if (question.operation == operation.id) journal.answer(question.id, "no", operation.actor);
  }
  world_.changed.notify();
}

bool TerminalSession::has_failed() const {
  return world_.storage.journal.has_failed_since("console", since_);
}

}  // namespace bot
