#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <csignal>
#include <cstdlib>

#include "bot/console.hpp"
#include "net/spawn.hpp"
#include "tests/bot/console_person.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

/// libtinfo keeps what it read about a kind of terminal.
extern "C" const char* __lsan_default_suppressions() { return "leak:libtinfo"; }

namespace {

/// Somebody at a real terminal of 40 columns.
struct Terminal {
  Terminal() {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    winsize size{};
    size.ws_row = 24;
    size.ws_col = 40;
    if (::openpty(&keyboard, &line, nullptr, nullptr, &size) != 0) throw std::runtime_error("no terminal");
    console = std::make_unique<Console>(loop.io.get_executor(), loop.random,
                                        ConsoleOptions{.in = line, .out = line, .login = "alice"});
    console->on_end = [this] { ended = true; };
    console->on_quit = [this] { quit = true; };
    auto receive = [this](const Batch& batch) {
      for (const auto& message : batch.messages) lines.push_back(message.text);
    };
    net::spawn(loop.io.get_executor(), "listen", console->listen(receive));
    until_shown("devbox> ");
  }
  ~Terminal() {
    console.reset();
    ::close(line);
    ::close(keyboard);
  }
  void type(const std::string& keys) const {
    if (::write(keyboard, keys.data(), keys.size()) < 0) throw std::runtime_error("the terminal is gone");
  }
  const std::string& screen() { return screen_ += read_now(keyboard); }
  void until_shown(const std::string& text) {
    loop.until([&] { return screen().find(text) != std::string::npos; });
  }
  /// What is written from now on.
  void forget_screen() {
    screen();
    screen_.clear();
  }
  void until_lines(std::size_t count) {
    loop.until([&] { return screen(), lines.size() >= count; });
  }
  void show(const std::string& key, const std::string& text, const std::string& edits = "") {
    Out message;
    message.key = key;
    message.text = text;
    message.edits = edits;
    run(loop.io, console->send(message));
  }

  Loop loop;
  int keyboard = -1;
  int line = -1;
  std::unique_ptr<Console> console;
  std::vector<std::string> lines;
  bool ended = false;
  bool quit = false;

 private:
  std::string screen_;
};

}  // namespace

TEST_CASE("lines typed on a terminal are received at once, edited as libedit does") {
  Terminal terminal;
  terminal.type("upp\x7f cpx32\rstatus ü🚀\r");
  terminal.until_lines(2);
  CHECK(terminal.lines == std::vector<std::string>{"up cpx32", "status ü🚀"});
}

TEST_CASE("the arrow brings the last line back") {
  Terminal terminal;
  terminal.type("status\r");
  terminal.until_lines(1);
  terminal.type("\x1b[A\r");
  terminal.until_lines(2);
  CHECK(terminal.lines[1] == "status");
}

TEST_CASE("a message is printed above the line that is being typed") {
  Terminal terminal;
  terminal.type("stat");
  terminal.until_shown("stat");
  terminal.forget_screen();
  terminal.show("op/ready", "alice\nis up");
  terminal.until_shown("stat");
  CHECK(terminal.screen().find("\r\x1b[Jalice\r\n") == 0);
  CHECK(terminal.screen().find("is up") < terminal.screen().find("devbox> stat"));
  terminal.type("us\r");
  terminal.until_lines(1);
  CHECK(terminal.lines[0] == "status");
}

TEST_CASE("a line that fills more than one row is cleared from its first row") {
  Terminal terminal;
  terminal.type(std::string(80, 'x') + "end");
  terminal.until_shown("end");
  terminal.forget_screen();
  terminal.show("op/ready", "alice is up");
  CHECK(terminal.screen().find("\r\x1b[2A\x1b[Jalice is up\r\n") == 0);
}

TEST_CASE("progress on a terminal is a dim line") {
  Terminal terminal;
  terminal.show("op/plan#1", "booting", "op/plan");
  terminal.until_shown("\x1b[2m… booting\x1b[0m");
}

TEST_CASE("without colours no colour is written") {
  ::setenv("NO_COLOR", "1", 1);
  Loop loop;
  int keyboard = -1;
  int line = -1;
  REQUIRE(::openpty(&keyboard, &line, nullptr, nullptr, nullptr) == 0);
  Console console(loop.io.get_executor(), loop.random, {.in = line, .out = line, .prompt = false});
  Out message;
  message.key = "op/plan#1";
  message.text = "booting";
  message.edits = "op/plan";
  run(loop.io, console.send(message));
  CHECK(read_now(keyboard) == "… booting\r\n");
  ::close(line);
  ::close(keyboard);
}

TEST_CASE("Ctrl-C clears the line, a second one quits") {
  Terminal terminal;
  terminal.type("delete everything\x03");
  terminal.until_shown("Ctrl-C again quits");
  CHECK_FALSE(terminal.quit);
  terminal.type("status\r");
  terminal.until_lines(1);
  CHECK(terminal.lines[0] == "status");
  terminal.type("\x03");
  terminal.loop.settle();
  CHECK_FALSE(terminal.quit);
  terminal.type("\x03");
  terminal.loop.until([&] { return terminal.quit; });
}

TEST_CASE("Ctrl-D deletes a character, and on an empty line ends the input") {
  Terminal terminal;
  terminal.type("statuss\x1b[D\x04\r");
  terminal.until_lines(1);
  CHECK(terminal.lines[0] == "status");
  CHECK_FALSE(terminal.ended);
  terminal.type("\x04");
  terminal.loop.until([&] { return terminal.ended; });
}

TEST_CASE("a key that waits for another, like a lone Escape, stops nobody") {
  Terminal terminal;
  terminal.type(GENERATE("\x1b", "\x12", "\x13", "\x16"));
  terminal.loop.settle();
  terminal.show("op/ready", "alice is up");
  terminal.until_shown("alice is up");
  terminal.type("status\r");
  terminal.until_lines(1);
  CHECK(terminal.lines[0] == "status");
}

TEST_CASE("a terminal that changes its size keeps the line") {
  Terminal terminal;
  terminal.type("stat");
  terminal.until_shown("stat");
  winsize size{};
  size.ws_row = 10;
  size.ws_col = 100;
  REQUIRE(::ioctl(terminal.keyboard, TIOCSWINSZ, &size) == 0);
  std::raise(SIGWINCH);
  terminal.loop.settle();
  terminal.type("us\r");
  terminal.until_lines(1);
  CHECK(terminal.lines[0] == "status");
}

TEST_CASE("the terminal's modes are put back") {
  Terminal terminal;
  terminal.console.reset();
  termios modes{};
  REQUIRE(::tcgetattr(terminal.line, &modes) == 0);
  CHECK((modes.c_lflag & (ICANON | ECHO | ISIG)) == (ICANON | ECHO | ISIG));
}
