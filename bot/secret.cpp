#include "bot/secret.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "bot/config.hpp"

namespace bot {
namespace {

constexpr mode_t others = S_IRWXG | S_IRWXO;
constexpr off_t longest = 64 * 1024;

std::string path_of(const std::string& name) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (!directory || !*directory)
    throw ConfigError("\"" + name +
                      "\" is a bare name, to be read from $CREDENTIALS_DIRECTORY, which is not set. Give a "
                      "path, or let systemd load it (LoadCredential=)");
  return std::string(directory) + "/" + name;
}

void check_file(const std::string& path, bool is_ours) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    throw ConfigError("cannot read " + path + ": " + std::strerror(errno));
  if (!S_ISREG(found.st_mode)) throw ConfigError(path + " is not a file");
  if (found.st_size > longest) throw ConfigError(path + " is too long for a secret");
  // What systemd hands over is private by its own rules.
  if (is_ours && (found.st_mode & others) != 0)
    throw ConfigError(path + " can be read by others than its owner. Run: chmod 600 " + path);
}

}  // namespace

std::string read_secret(const std::string& name_or_path) {
  const bool is_path = name_or_path.find('/') != std::string::npos;
  const auto path = is_path ? name_or_path : path_of(name_or_path);
  check_file(path, is_path);
  std::ifstream in(path);
  if (!in) throw ConfigError("cannot read " + path + ": " + std::strerror(errno));
  std::string secret{std::istreambuf_iterator<char>(in), {}};
  while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) throw ConfigError(path + " is empty");
  // It goes into a header, and whatever is not printable ASCII does not belong there.
  const bool is_one_line =
      std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < 127; });
  if (!is_one_line) throw ConfigError(path + " must hold the secret alone, on one line");
  return secret;
}

}  // namespace bot
