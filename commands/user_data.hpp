#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace commands {

/// What a workspace has to know to join and report.
struct UserData {
  std::string hostname;
  std::string login_server;  ///< "" = Tailscale's
  std::string auth_key;
  std::string public_url;  ///< of the reports endpoint
  std::string token;       ///< for its reports
  std::int64_t volume = 0;
  std::string user;
  int editor_port = 0;
  std::vector<std::string> keep_dirs;
  std::string serve;
};

/// Cloud-init user-data: "#cloud-config" and JSON, which is YAML, so that no string can end its quotes.
/// All of it stands in /etc/devbox/workspace.json (0600). Throws Error over Hetzner's 32 KiB.
std::string user_data(const UserData& about);

}  // namespace commands
