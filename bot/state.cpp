#include "bot/state.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace bot {
namespace {

constexpr std::size_t secret_bytes = 32;

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? value : "var";
}

void ensure_private(const std::string& folder) {
  std::filesystem::create_directories(folder);
  ::chmod(folder.c_str(), 0700);
}

void write_new(const std::string& file, const std::string& text) {
  // Under another name until it is whole: a process killed half-way must not leave half a secret.
  const auto part = file + ".part";
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) throw std::runtime_error("cannot write " + part + ": " + std::strerror(errno));
  const bool whole = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                     ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!whole) throw std::runtime_error("cannot write " + part);
  std::filesystem::rename(part, file);
}

}  // namespace

std::string state_directory() { return from_environment("STATE_DIRECTORY"); }
std::string runtime_directory() { return from_environment("RUNTIME_DIRECTORY"); }

std::string directory_of(const std::string& file) {
  const auto slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

std::string own_secret(const std::string& directory, const std::string& name, net::Random& random) {
  const auto folder = directory + "/secrets";
  ensure_private(folder);
  const auto file = folder + "/" + name;
  if (!std::filesystem::exists(file)) write_new(file, random.hex(secret_bytes));
  std::ifstream in(file);
  std::string secret;
  std::getline(in, secret);
  if (secret.size() != 2 * secret_bytes)
    throw std::runtime_error(file + " does not hold a key of ours; remove it");
  return secret;
}

void keep_secret(const std::string& file, const std::string& text) {
  ensure_private(directory_of(file));
  write_new(file, text);
}

}  // namespace bot
