#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

/// A program of the build that runs, and the first line that it printed; killed with this object.
class StartedProgram {
 public:
  StartedProgram(const std::string& name, std::vector<std::string> arguments) {
    const std::string program = std::string(DEVBOX_BIN_DIR "/") + name;
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (auto& one : arguments) argv.push_back(one.data());
    argv.push_back(nullptr);
    id_ = fork();
    if (id_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      dup2(ends[1], STDERR_FILENO);
      execv(program.c_str(), argv.data());
      _exit(127);
    }
    close(ends[1]);
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
    close(ends[0]);
  }
  ~StartedProgram() {
    if (id_ > 0) end(SIGKILL);
  }
  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  /// Its exit code; -1 when the signal killed it.
  int end(int signal = 0) {
    if (signal) kill(id_, signal);
    int status = 0;
    waitpid(id_, &status, 0);
    id_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string line;

 private:
  pid_t id_ = 0;
};
