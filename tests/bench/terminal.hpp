#pragma once
#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace bench {

/// A program on a terminal of its own, as somebody at a keyboard runs it; killed with this object.
class Terminal {
 public:
  explicit Terminal(std::vector<std::string> words,
                    const std::map<std::string, std::string>& environment = {});
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& keys) const;
  /// Reads what it shows until `text` is there and returns all that was shown since the last time. Throws
  /// when the program ends or a minute passes first.
  std::string until_shown(const std::string& text);
  /// Its exit status, once it has ended by itself.
  int until_ended();
  [[nodiscard]] std::chrono::duration<double, std::milli> age() const {
    return std::chrono::steady_clock::now() - started_;
  }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  [[nodiscard]] bool read_more();

  std::vector<std::string> words_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  int keyboard_ = -1;
  pid_t pid_ = 0;
  std::string screen_;
};

}  // namespace bench
