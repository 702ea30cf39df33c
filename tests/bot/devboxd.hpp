#pragma once
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bot::test {

/// The program itself, with `directory` for its state and its control socket and nothing at its input. It
/// dies with this process, and with this object.
class Devboxd {
 public:
  Devboxd(const std::string& directory, std::vector<std::string> arguments)
      : log_(directory + "/log-" + std::to_string(++started_)) {
    arguments.insert(arguments.begin(), DEVBOX_BIN_DIR "/devboxd");
    std::vector<char*> words;
    for (auto& word : arguments) words.push_back(word.data());
    words.push_back(nullptr);
    const pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ < 0) throw std::runtime_error("no process");
    if (id_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
    ::dup2(1, 2);
    ::setenv("STATE_DIRECTORY", directory.c_str(), 1);
    ::setenv("RUNTIME_DIRECTORY", directory.c_str(), 1);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  ~Devboxd() {
    if (!ended()) ::kill(id_, SIGKILL);
    if (!status_) ::waitpid(id_, nullptr, 0);
  }
  Devboxd(const Devboxd&) = delete;
  Devboxd& operator=(const Devboxd&) = delete;

  void stop() const { ::kill(id_, SIGTERM); }
  bool ended() {
    int status = 0;
    if (!status_ && ::waitpid(id_, &status, WNOHANG) == id_) status_ = status;
    return status_.has_value();
  }
  /// Of one that has ended; -1 when a signal killed it.
  [[nodiscard]] int exit_code() const { return WIFEXITED(*status_) ? WEXITSTATUS(*status_) : -1; }
  /// What it has written so far, stdout and stderr.
  [[nodiscard]] std::string output() const {
    std::ifstream in(log_);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  }

 private:
  inline static int started_ = 0;
  std::string log_;
  pid_t id_ = 0;
  std::optional<int> status_;
};

}  // namespace bot::test
