#include "bot/secret.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "bot/config.hpp"

namespace bot {
namespace {

constexpr mode_t others = S_IRWXG | S_IRWXO;

std::string path_of(const std::string& name, const std::string& key) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (!directory || !*directory)
    throw ConfigError(
        key + ": \"" + name +
        "\" is a bare name, to be read from $CREDENTIALS_DIRECTORY, which is not set. Give a path, or "
        "let systemd load it (LoadCredential=).");
  return std::string(directory) + "/" + name;
}

}  // namespace

std::string read_secret(const std::string& name_or_path, const std::string& key) {
  const bool is_path = name_or_path.find('/') != std::string::npos;
  const auto path = is_path ? name_or_path : path_of(name_or_path, key);
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    throw ConfigError(key + ": cannot read " + path + ": " + std::strerror(errno));
  // What systemd hands us is private by its own rules.
  if (is_path && (found.st_mode & others) != 0)
    throw ConfigError(key + ": " + path + " can be read by others than its owner. Run: chmod 600 " + path);
  std::ifstream in(path);
  std::string secret;
  if (!std::getline(in, secret) || secret.empty()) throw ConfigError(key + ": " + path + " is empty.");
  if (secret.back() == '\r') secret.pop_back();
  return secret;
}

}  // namespace bot
