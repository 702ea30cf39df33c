#pragma once
#include <string>
#include <vector>

#include "net/awaitable.hpp"

namespace hetzner::simulator {

/// Runs `/bin/sh -c command` with our environment and more, its output on our stderr, to its end; true
/// when it exits 0. Throws std::system_error when it cannot be started.
net::awaitable<bool> run_command(std::string command, std::vector<std::string> environment);

/// A file that only we can read, gone with its owner.
class PrivateFile {
 public:
  explicit PrivateFile(const std::string& text);
  ~PrivateFile();
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace hetzner::simulator
