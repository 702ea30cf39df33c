#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include "bot/console.hpp"
#include "tests/bot/loop.hpp"

namespace bot::test {

/// Two ends of a pipe, closed with it.
struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    ::fcntl(ends[0], F_SETPIPE_SZ, 1024 * 1024);
  }
  ~Pipe() {
    ::close(ends[0]);
    end_writing();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void write(const std::string& text) const {
    if (::write(ends[1], text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error("the pipe is full");
  }
  void end_writing() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  std::array<int, 2> ends{};
};

/// What can be read from `descriptor` now.
inline std::string read_now(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto count = ::read(descriptor, chunk.data(), chunk.size());
    if (count <= 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

/// Somebody who talks to a console through pipes.
class ConsolePerson {
 public:
  explicit ConsolePerson(Loop& loop)
      : console_(loop.io.get_executor(), loop.random,
                 {.in = input_.ends[0], .out = output_.ends[1], .login = "alice"}) {}
  Console& chat() { return console_; }
  void say(const std::string& text) {
    input_.write(text + "\n");
    console_.ready_for_next();
  }
  void write(const std::string& bytes) { input_.write(bytes); }
  void hang_up() { input_.end_writing(); }
  [[nodiscard]] std::string room() const { return "console"; }
  [[nodiscard]] std::string sender() const { return "console:alice"; }
  [[nodiscard]] std::size_t acknowledged() const { return 0; }  // a terminal is told nothing
  const std::string& screen() { return screen_ += read_now(output_.ends[0]); }

 private:
  Pipe input_;
  Pipe output_;
  Console console_;
  std::string screen_;
};

}  // namespace bot::test
