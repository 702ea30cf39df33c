#include "commands/user_data.hpp"

#include <nlohmann/json.hpp>

#include "commands/printable.hpp"
#include "commands/request.hpp"
#include "commands/workspace_files.hpp"

namespace commands {
namespace {

using nlohmann::json;

constexpr std::size_t largest = 32 * 1024;
/// Of the workspace's user in every image: the files on the volume belong to it.
constexpr int user_id = 1000;
constexpr std::string_view unit_directory = "/etc/systemd/system/";

std::string joined_with(const std::vector<std::string>& words, char separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : std::string(1, separator)) + word;
  return text;
}

/// KEY='value' and a newline, as a POSIX shell and systemd read it.
std::string line(const std::string& key, const std::string& value) {
  if (printable(value) != value || value.find_first_of("\n\t") != std::string::npos)
    throw Error("A workspace cannot be told its " + key +
                ", which has to be one line without control characters.");
  std::string text = key + "='";
  for (const char c : value) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'\n";
}

std::string environment(const UserData& about) {
  return line("DEVBOX_HOSTNAME", about.hostname) + line("DEVBOX_USER", about.user) +
         line("DEVBOX_UID", std::to_string(user_id)) +
         line("DEVBOX_VOLUME", "/dev/disk/by-id/scsi-0HC_Volume_" + std::to_string(about.volume)) +
         line("DEVBOX_LOGIN_SERVER", about.login_server) + line("DEVBOX_SERVE", about.serve) +
         line("DEVBOX_EDITOR_PORT", std::to_string(about.editor_port)) +
         line("DEVBOX_PUBLIC_URL", about.public_url) +
         line("DEVBOX_KEEP_DIRS", joined_with(about.keep_dirs, ':')) +
         line("DEVBOX_JOBS", joined_with(about.jobs, ' ')) + line("DEVBOX_SSH", about.ssh ? "1" : "");
}

json file(const std::string& path, const std::string& mode, const std::string& content) {
  return {{"path", path}, {"permissions", mode}, {"content", content}};
}

json files_of(const UserData& about) {
  auto files = json::array();
  files.push_back(file("/etc/devbox/env", "0644", environment(about)));
  files.push_back(file("/etc/devbox/auth-key", "0600", about.auth_key + "\n"));
  files.push_back(file("/etc/devbox/token", "0600", about.token + "\n"));
  files.push_back(
      file("/etc/devbox/authorized_keys", "0644", joined_with(about.authorized_keys, '\n') + "\n"));
  for (const auto& one : workspace_files()) {
    files.push_back(file(one.path, one.mode, one.text));
    files.back()["encoding"] = "gz+b64";
  }
  return files;
}

/// Not waited for: a unit that waits for cloud-init would wait for this very command.
json start_of_units() {
  json start = {"systemctl", "enable", "--now", "--no-block"};
  for (const auto& one : workspace_files())
    if (one.path.starts_with(unit_directory)) start.push_back(one.path.substr(unit_directory.size()));
  return start;
}

json config_of(const UserData& about) {
  const json user = {{"name", about.user},   {"uid", user_id},
                     {"shell", "/bin/bash"}, {"sudo", "ALL=(ALL) NOPASSWD:ALL"},
                     {"lock_passwd", true},  {"no_create_home", true}};
  auto commands = json::array();
  commands.push_back({"systemctl", "daemon-reload"});
  commands.push_back({"systemctl", "try-reload-or-restart", "ssh.service"});
  commands.push_back({"systemctl", "try-reload-or-restart", "sshd.service"});
  commands.push_back(start_of_units());
  return {{"hostname", about.hostname},
          {"preserve_hostname", false},
          {"users", json::array({user})},
          {"disable_root", true},
          {"ssh_pwauth", false},
          {"ssh_deletekeys", true},
          {"ssh_genkeytypes", {"ed25519", "ecdsa"}},
          // Those of the volume count, which take the place of what cloud-init has made.
          {"no_ssh_fingerprints", true},
          {"ssh", {{"emit_keys_to_console", false}}},
          {"write_files", files_of(about)},
          {"runcmd", commands}};
}

}  // namespace

std::string user_data(const UserData& about) {
  auto text = "#cloud-config\n" + config_of(about).dump() + "\n";
  if (text.size() > largest)
    throw Error("The user-data of " + about.hostname + " would be larger than Hetzner's 32 KiB: it has " +
                std::to_string(about.authorized_keys.size()) + " ssh keys and " +
                std::to_string(about.keep_dirs.size()) + " keep_dirs. Fewer of them will do.");
  return text;
}

}  // namespace commands
