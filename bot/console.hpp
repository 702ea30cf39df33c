#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "bot/chat.hpp"
#include "bot/line_editor.hpp"
#include "bot/lines.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"

namespace bot {

struct ConsoleOptions {
  int in = 0;
  int out = 1;
  std::string login;        ///< the sender is "console:LOGIN"
  bool prompt = true;       ///< line editing, when both ends are a terminal
  bool is_service = false;  ///< nobody is there: nothing is read, and its end does not end the process
};

/// The terminal as a chat. On a terminal: line editing, every line at once. In a pipe: plain lines, the
/// next one read only after `ready_for_next`. A line's key is a random id of the process and its number,
/// so nothing is promised across a restart: what the person saw is on the screen.
class Console final : public Chat {
 public:
  Console(net::Executor executor, net::Random& random, ConsoleOptions options);

  [[nodiscard]] std::string name() const override { return "console"; }
  net::awaitable<void> listen(Receive receive) override;
  net::awaitable<void> seen(In message) override;
  net::awaitable<SendResult> send(Out message) override;

  /// The operation of the last line has ended or asks something.
  void ready_for_next();
  std::function<void()> on_end;   ///< end of input, Ctrl-D: every question is answered no
  std::function<void()> on_quit;  ///< Ctrl-C twice

 private:
  net::awaitable<void> read_terminal(const Receive& receive);
  net::awaitable<void> read_pipe(const Receive& receive);
  net::awaitable<void> watch_signals();
  net::awaitable<std::optional<std::string>> next_line();
  net::awaitable<void> until_readable();
  void receive_line(const Receive& receive, std::string line);
  bool print(const std::string& text, bool dim);

  ConsoleOptions options_;
  bool colour_;
  std::string id_;
  int lines_read_ = 0;
  bool ready_ = true;
  net::Signal readied_;
  net::Signal never_;
  boost::asio::posix::stream_descriptor in_;
  boost::asio::signal_set signals_;
  Lines lines_;
  std::unique_ptr<LineEditor> editor_;
  std::set<std::string> printed_;
  std::map<std::string, std::string> progress_;  ///< what was last printed of an edited message
};

}  // namespace bot
