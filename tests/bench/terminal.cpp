#include "tests/bench/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr int patience_ms = 60'000;

/// Between fork and exec.
[[noreturn]] void become(const std::vector<std::string>& words,
                         const std::map<std::string, std::string>& environment) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close_range(3, ~0U, 0);
  setenv("TERM", "xterm", 1);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

Terminal::Terminal(std::vector<std::string> words, const std::map<std::string, std::string>& environment)
    : words_(std::move(words)) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = 200;
  pid_ = forkpty(&keyboard_, nullptr, nullptr, &size);
  if (pid_ == 0) become(words_, environment);
  if (pid_ < 0) throw std::runtime_error("no terminal for " + words_.at(0));
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(keyboard_);
}

void Terminal::type(const std::string& keys) const {
  if (write(keyboard_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error(words_.at(0) + " does not read what is typed");
}

std::string Terminal::until_shown(const std::string& text) {
  while (screen_.find(text) == std::string::npos)
    if (!read_more())
      throw std::runtime_error(words_.at(0) + " did not show \"" + text + "\" but:\n" + screen_);
  return std::exchange(screen_, "");
}

int Terminal::until_ended() {
  while (read_more()) {
  }
  int status = 0;
  waitpid(std::exchange(pid_, 0), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// False when the program has ended, or says nothing.
bool Terminal::read_more() {
  pollfd readable{keyboard_, POLLIN, 0};
  if (poll(&readable, 1, patience_ms) <= 0) return false;
  char chunk[16384];
  const auto count = read(keyboard_, chunk, sizeof chunk);
  if (count > 0) screen_.append(chunk, static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace bench
