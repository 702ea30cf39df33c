#pragma once
#include <functional>

#include "bot/console.hpp"
#include "commands/services.hpp"

namespace bot {

/// How a terminal or a pipe ends: a pipe's next line is read when nothing of the last one runs; at the end
/// of input every question is answered no, and when all has ended the process may, too.
class TerminalSession {
 public:
  TerminalSession(commands::Services& world, Console& console, std::function<void(int status)> quit);

  /// Something has been handled, asked, answered or has ended.
  void look();

 private:
  [[nodiscard]] bool is_idle() const;
  void answer_no();
  [[nodiscard]] bool has_failed() const;

  commands::Services& world_;
  Console& console_;
  std::function<void(int)> quit_;
  net::Time since_;
  bool ended_ = false;
};

}  // namespace bot
