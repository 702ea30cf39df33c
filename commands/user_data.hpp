#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace commands {

/// What a workspace has to know to come up, join and report.
struct UserData {
  std::string hostname;
  std::string login_server;  ///< "" = Tailscale's
  std::string auth_key;
  std::string public_url;  ///< of the reports endpoint
  std::string token;       ///< for its reports
  std::int64_t volume = 0;
  std::string user;  ///< uid 1000 in every image
  int editor_port = 0;
  std::vector<std::string> keep_dirs;        ///< absolute paths without ":"
  std::string serve;                         ///< "auto", "https", "http"
  std::vector<std::string> jobs;             ///< names of processes that count as work
  bool ssh = false;                          ///< Tailscale SSH
  std::vector<std::string> authorized_keys;  ///< "ssh-ed25519 AAAA…", whoever may log in
};

/// Cloud-init user-data: "#cloud-config" and JSON, which is YAML, so that no string can end its quotes. It
/// writes /etc/devbox/env (KEY='value' for a POSIX shell), auth-key and token (0600), authorized_keys and the
/// scripts and units of workspace_files(), and starts the units. Throws Error over Hetzner's 32 KiB, and when
/// a value is not one line.
std::string user_data(const UserData& about);

}  // namespace commands
