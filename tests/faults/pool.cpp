#include "tests/faults/pool.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <stdexcept>

namespace faults {
namespace {

volatile std::sig_atomic_t interrupted = 0;

/// Whoever is interrupted leaves through its destructors, which end what was started and clean up.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    for (const int signal : signals) ::sigaction(signal, &action, nullptr);
  }
  ~Interruptible() {
    for (const int signal : signals) ::signal(signal, SIG_DFL);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
};

struct Worker {
  std::size_t task;
  int output;
};

[[noreturn]] void work(const std::function<std::string()>& task, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // its own children die with it
  std::string said;
  try {
    said = task();
  } catch (const std::exception& error) {
    said = std::string("the driver failed: ") + error.what();
  }
  // At most a pipe's worth: nobody reads before this process has ended.
  said.resize(std::min<std::size_t>(said.size(), 60'000));
  if (write(output, said.data(), said.size()) < 0) _exit(1);
  _exit(0);
}

std::string read_all(int input) {
  std::string text;
  char chunk[4096];
  for (ssize_t count = 0; (count = read(input, chunk, sizeof chunk)) > 0;)
    text.append(chunk, static_cast<std::size_t>(count));
  close(input);
  return text;
}

}  // namespace

std::vector<std::string> run_all(const std::vector<std::function<std::string()>>& tasks,
                                 std::size_t at_once) {
  std::vector<std::string> said(tasks.size());
  std::map<pid_t, Worker> working;
  const Interruptible interruptible;
  for (std::size_t next = 0; next < tasks.size() || !working.empty();) {
    if (next < tasks.size() && working.size() < at_once) {
      int ends[2];
      if (pipe(ends) != 0) throw std::runtime_error("no pipe for a worker");
      const pid_t worker = fork();
      if (worker < 0) throw std::runtime_error("no process for a worker");
      if (worker == 0) {
        close(ends[0]);
        work(tasks[next], ends[1]);
      }
      close(ends[1]);
      working[worker] = {next++, ends[0]};
      continue;
    }
    const pid_t ended = waitpid(-1, nullptr, 0);
    if (interrupted) {
      for (const auto& [worker, task] : working) ::kill(worker, SIGKILL);
      while (waitpid(-1, nullptr, 0) > 0) continue;
      throw std::runtime_error("interrupted");
    }
    const auto found = working.find(ended);
    if (found == working.end()) continue;
    said[found->second.task] = read_all(found->second.output);
    working.erase(found);
  }
  return said;
}

}  // namespace faults
