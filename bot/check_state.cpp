#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "bot/check.hpp"
#include "bot/control_request.hpp"
#include "bot/state.hpp"
#include "storage/database.hpp"
#include "storage/opening.hpp"

namespace bot {
namespace {

constexpr std::uintmax_t megabyte = 1024 * 1024;
constexpr std::uintmax_t low_space = 500 * megabyte;
constexpr std::uintmax_t no_space = 50 * megabyte;
constexpr std::chrono::seconds patience(10);

/// Only writing proves it: a read-only file system and an access list say nothing beforehand.
std::string why_unwritable(const std::string& directory) {
  auto name = directory + "/.devbox-check-XXXXXX";
  const int file = ::mkstemp(name.data());
  if (file < 0) return std::strerror(errno);
  const bool written = ::write(file, "devbox\n", 7) == 7;
  const int why = errno;
  ::close(file);
  ::unlink(name.c_str());
  return written ? "" : std::strerror(why);
}

void check_directory(const std::string& directory, Findings& findings) {
  std::error_code failure;
  const auto space = std::filesystem::space(directory, failure);
  const auto why = failure ? failure.message() : why_unwritable(directory);
  if (!why.empty()) {
    findings.push_back(
        broken("state: cannot write to " + directory + ": " + why,
               "Make the directory for the user that devboxd runs as, or set [bot] database."));
    return;
  }
  const auto text = fmt::format("state: {} is writable, {:.1f} GB free", directory,
                                static_cast<double>(space.available) / (1024 * megabyte));
  const std::string next = "Make room there: without it nothing can be remembered, and commands fail.";
  if (space.available >= low_space)
    findings.push_back(good(text));
  else
    findings.push_back(space.available >= no_space ? doubtful(text, next) : broken(text, next));
}

/// From the file's header (https://www.sqlite.org/fileformat.html), for opening would bring an older one to
/// this program's version.
std::optional<int> find_version(const std::string& file) {
  constexpr std::size_t at = 60;
  std::array<unsigned char, at + 4> header{};
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(header.data()), header.size())) return std::nullopt;
  return header[at] << 24 | header[at + 1] << 16 | header[at + 2] << 8 | header[at + 3];
}

Finding held_finding(const std::string& database) {
  const auto socket = runtime_directory() + "/control";
  try {
    const auto status = ask_control(socket, {{"do", "status"}}, patience);
    return good(fmt::format(
        "database: {} is held by the running process; messages to handle: {}, operations unfinished: {}, "
        "messages to send: {}",
        database, status.value("inbox", 0), status.value("unfinished", 0), status.value("outbox", 0)));
  } catch (const NobodyThere& error) {
    return doubtful(
        "database: " + database + " is held by a process that cannot be asked. " + error.what(),
        "Set RUNTIME_DIRECTORY to where its control socket stands, and be the user it runs as, or root.");
  } catch (const std::exception& error) {
    return doubtful(
        "database: " + database + " is held by a process that does not say how it is: " + error.what(),
        "It may be of another version; start it again.");
  }
}

StateFound check_database(const std::string& file) {
  StateFound found;
  const auto add = [&](Finding finding) { found.findings.push_back(std::move(finding)); };
  const auto version = find_version(file);
  if (!std::filesystem::exists(file)) {
    add(good("database: " + file + " will be made by the first start"));
  } else if (version && *version > 0 && *version < storage::known_version()) {
    add(doubtful(fmt::format("database: {} has schema {}, and this program's next start brings it to {}",
                             file, *version, storage::known_version()),
                 "Keep a copy for the way back: devboxd backup FILE, with the program that wrote it."));
  } else {
    try {
      const storage::Database database(file);
      add(good(fmt::format("database: {} is whole, schema {}; no process runs on it", file,
                           storage::known_version())));
    } catch (const storage::Held&) {
      found.is_running = true;
      add(held_finding(file));
    } catch (const std::exception& error) {
      add(broken(std::string("database: ") + error.what(),
                 "See that it is the right file and who may write to it."));
    }
  }
  return found;
}

}  // namespace

Findings check_configuration(const Config& config, const std::string& file) {
  Findings findings{good("configuration: " + file)};
  for (const auto& remark : config.remarks)
    findings.push_back(
        doubtful("configuration: " + remark, "Take it out of " + file + ", or leave it for later."));
  return findings;
}

StateFound check_state(const Config& config) {
  Findings findings;
  const auto directory = directory_of(config.database);
  check_directory(directory.empty() ? "/" : directory, findings);
  if (has_failed(findings)) return {findings, false};
  auto found = check_database(config.database);
  findings.insert(findings.end(), found.findings.begin(), found.findings.end());
  return {findings, found.is_running};
}

}  // namespace bot
