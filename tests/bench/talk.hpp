#pragma once
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace bench {

/// A person at the control socket (bot/control_line.hpp) who says one thing at a time.
class Talk {
 public:
  Talk(const std::string& socket, std::string sender);
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  /// From the first byte of the line to the last of its answer.
  std::chrono::duration<double, std::milli> ask(const std::string& line);

 private:
  void write(const nlohmann::json& object) const;
  nlohmann::json next_line();

  int socket_;
  std::string sender_;
  int said_ = 0;
  std::string input_;
};

}  // namespace bench
