#pragma once
#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faults {

/// A program this process started: it dies with it, and with this object. It is held before its first
/// instruction until it is released, so that a fault which names its id can be placed beforehand. Its stdin
/// stays open and empty.
class Child {
 public:
  struct Start {
    std::vector<std::string> words;  ///< path and arguments
    std::map<std::string, std::string> environment;
    std::string log;  ///< stdout and stderr are appended to it
  };
  explicit Child(const Start& start);
  ~Child() { kill(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void release();
  void kill();  ///< SIGKILL; it is gone when this returns
  /// The status of waitpid(2), once it has ended.
  std::optional<int> ended();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int hold_ = -1;
  std::optional<int> status_;
};

}  // namespace faults
