#include "bot/console.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "bot/choices.hpp"
#include "commands/printable.hpp"
#include "net/spawn.hpp"

namespace bot {
namespace asio = boost::asio;
namespace {

constexpr std::size_t longest_typed_line = 64 * 1024;
constexpr auto prompt = "devbox> ";

bool is_terminal(const ConsoleOptions& options) {
  const char* term = std::getenv("TERM");
  const bool is_dumb = !term || std::string_view(term).empty() || std::string_view(term) == "dumb";
  return options.prompt && !is_dumb && ::isatty(options.in) && ::isatty(options.out);
}

bool has_colour(int out) {
  const char* refused = std::getenv("NO_COLOR");
  return ::isatty(out) && (!refused || !*refused);
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

/// False when nobody reads what we write.
bool write_all(int out, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(out, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd writable{out, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

Console::Console(net::Executor executor, net::Random& random, ConsoleOptions options)
    : options_(std::move(options)),
      colour_(has_colour(options_.out)),
      id_("console-" + random.hex(8)),
      readied_(executor),
      never_(executor),
      in_(executor),
      signals_(executor),
      lines_(longest_typed_line) {
  // A copy, for a descriptor closes what it holds; without one there is no input.
  const int copy = ::dup(options_.in);
  if (copy >= 0) in_.assign(copy);
  if (!is_terminal(options_)) return;
  editor_ = std::make_unique<LineEditor>(options_.in, options_.out, prompt);
  signals_.add(SIGWINCH);
}

net::awaitable<void> Console::listen(Receive receive) {
  if (editor_) {
    net::spawn(in_.get_executor(), "terminal size", watch_signals());
    co_await read_terminal(receive);
  } else {
    co_await read_pipe(receive);
  }
  if (on_end) on_end();
  for (;;) co_await never_.wait();
}

net::awaitable<void> Console::read_terminal(const Receive& receive) {
  using Event = LineEditor::Event;
  for (bool is_open = true; is_open;) {
    co_await until_readable();
    is_open = editor_->fill();
    while (auto typed = editor_->next()) {
      if (typed->event == Event::end) co_return;
      if (typed->event == Event::interrupt) print("Ctrl-C again quits", true);
      if (typed->event == Event::quit && on_quit) on_quit();
      if (typed->event == Event::line) receive_line(receive, std::move(typed->line));
    }
  }
}

net::awaitable<void> Console::watch_signals() {
  for (;;) {
    co_await signals_.async_wait(asio::use_awaitable);
    editor_->resized();
  }
}

net::awaitable<void> Console::read_pipe(const Receive& receive) {
  for (;;) {
    while (!ready_) co_await readied_.wait();
    auto line = co_await next_line();
    if (!line) co_return;
    if (is_blank(*line)) continue;
    ready_ = false;
    receive_line(receive, std::move(*line));
  }
}

net::awaitable<std::optional<std::string>> Console::next_line() {
  std::array<char, 16 * 1024> chunk;
  for (;;) {
    if (auto line = lines_.next()) co_return line;
    if (!in_.is_open()) co_return lines_.rest();
    co_await until_readable();
    const auto count = ::read(in_.native_handle(), chunk.data(), chunk.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) co_return lines_.rest();
    lines_.feed({chunk.data(), static_cast<std::size_t>(count)});
  }
}

/// Waits without making the descriptor non-blocking: the shell and our children share it.
net::awaitable<void> Console::until_readable() {
  boost::system::error_code failure;
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  co_await in_.async_wait(asio::posix::stream_descriptor::wait_read, token);
  // A file cannot be waited for, nor need it.
  if (failure && failure != asio::error::operation_not_supported) throw boost::system::system_error(failure);
}

void Console::receive_line(const Receive& receive, std::string line) {
  if (is_blank(line)) return;
  In message;
  message.key = id_ + "-" + std::to_string(++lines_read_);
  message.room = "console";
  message.sender = "console:" + options_.login;
  message.text = std::move(line);
  message.direct = true;
  Batch batch;
  batch.messages.push_back(std::move(message));
  receive(batch);
}

net::awaitable<void> Console::seen(In) { co_return; }

net::awaitable<SendResult> Console::send(Out message) {
  bool shown = true;
  if (!message.edits.empty()) {
    auto& last = progress_[message.edits];
    const bool changed = std::exchange(last, message.text) != message.text && !message.text.empty();
    if (changed) shown = print("… " + message.text, true);
  } else if (printed_.insert(message.key).second) {
    shown = print(message.text + words_of(message.choices), false);
  }
  if (!shown) co_return Refused{"the terminal is gone"};
  co_return Sent{message.key};
}

bool Console::print(const std::string& text, bool dim) {
  auto lines = commands::printable(text);
  if (dim && colour_) lines = "\x1b[2m" + lines + "\x1b[0m";
  lines += '\n';
  if (!editor_) return write_all(options_.out, lines);
  const bool written = write_all(options_.out, editor_->above_prompt(lines));
  editor_->redraw();
  return written;
}

void Console::ready_for_next() {
  ready_ = true;
  readied_.notify();
}

}  // namespace bot
