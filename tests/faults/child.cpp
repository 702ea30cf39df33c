#include "tests/faults/child.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace faults {
namespace {

void stand_in(int wanted, int file) {
  if (file < 0 || dup2(file, wanted) < 0) _exit(126);
}

/// Between fork and exec.
[[noreturn]] void become(const Child::Start& start, int hold, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);
  signal(SIGINT, SIG_IGN);  // the driver ends its children itself
  stand_in(0, hold);
  close_range(3, ~0U, 0);
  stand_in(1, open(start.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600));
  stand_in(2, 1);
  char released = 0;
  if (read(0, &released, 1) != 1) _exit(126);
  for (const auto& [name, value] : start.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words;
  for (const auto& word : start.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execv(words[0], words.data());
  _exit(127);
}

}  // namespace

Child::Child(const Start& start) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for " + start.words.at(0));
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(start, ends[0], parent);
  close(ends[0]);
  hold_ = ends[1];
  if (pid_ < 0) throw std::runtime_error("no process for " + start.words.at(0));
}

void Child::release() {
  if (write(hold_, "", 1) != 1) throw std::runtime_error("a child ended before it was released");
}

std::optional<int> Child::ended() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_;
}

void Child::kill() {
  // The hold is its input, too: closed first, it would end by itself.
  if (!ended()) ::kill(pid_, SIGKILL);
  if (hold_ >= 0) close(std::exchange(hold_, -1));
  int status = 0;
  if (!status_ && waitpid(pid_, &status, 0) == pid_) status_ = status;
}

}  // namespace faults
