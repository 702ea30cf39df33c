#pragma once
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <string>

#include "bot/config.hpp"
#include "tests/temp_dir.hpp"

namespace bot::test {

/// A directory with secrets as an administrator leaves them, and configurations that name them.
class WrittenConfig {
 public:
  WrittenConfig() {
    write("hetzner-token", "token-of-hetzner\n");
    write("oauth-secret", "secret-of-oauth\n");
  }

  /// Writes a file; returns its path.
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    const auto path = dir_.file(name);
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  [[nodiscard]] std::string path(const std::string& name) const { return dir_.file(name); }

  /// All that is required, with these lines put into [hetzner] and [tailnet] and after everything.
  [[nodiscard]] std::string complete(const std::string& rest = "", const std::string& hetzner = "",
                                     const std::string& tailnet = "") const {
    return "[hetzner]\ntoken_file = \"" + path("hetzner-token") + "\"\n" + hetzner +
           "[tailnet]\noauth_client_id = \"id\"\noauth_client_secret_file = \"" + path("oauth-secret") +
           "\"\n" + tailnet + rest;
  }
  [[nodiscard]] Config read(const std::string& text) const { return read_config(write("devbox.toml", text)); }

  /// The sentence it is refused with, without the file's name; "" when it is taken.
  [[nodiscard]] std::string refusal(const std::string& text) const {
    const auto file = write("devbox.toml", text);
    try {
      read_config(file);
      return "";
    } catch (const ConfigError& error) {
      const std::string sentence = error.what();
      return sentence.starts_with(file + ": ") ? sentence.substr(file.size() + 2) : "no file: " + sentence;
    }
  }

 private:
  TempDir dir_;
};

/// An environment variable as long as this lives; nullptr unsets it.
class Environment {
 public:
  Environment(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* before = ::getenv(name_.c_str())) before_ = before;
    set(value);
  }
  ~Environment() { set(before_ ? before_->c_str() : nullptr); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  void set(const char* value) {
    if (value)
      ::setenv(name_.c_str(), value, 1);
    else
      ::unsetenv(name_.c_str());
  }
  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace bot::test
