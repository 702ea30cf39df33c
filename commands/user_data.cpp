#include "commands/user_data.hpp"

#include <nlohmann/json.hpp>

#include "commands/request.hpp"

namespace commands {
namespace {

constexpr std::size_t largest = 32 * 1024;

}  // namespace

std::string user_data(const UserData& about) {
  const nlohmann::json workspace = {{"hostname", about.hostname},   {"login_server", about.login_server},
                                    {"auth_key", about.auth_key},   {"public_url", about.public_url},
                                    {"token", about.token},         {"volume", about.volume},
                                    {"user", about.user},           {"editor_port", about.editor_port},
                                    {"keep_dirs", about.keep_dirs}, {"serve", about.serve}};
  const nlohmann::json file = {{"path", "/etc/devbox/workspace.json"},
                               {"owner", "root:root"},
                               {"permissions", "0600"},
                               {"content", workspace.dump()}};
  const nlohmann::json config = {{"hostname", about.hostname},
                                 {"preserve_hostname", false},
                                 {"write_files", nlohmann::json::array({file})}};
  auto text = "#cloud-config\n" + config.dump() + "\n";
  if (text.size() > largest)
    throw Error("The user-data of " + about.hostname +
                " would be larger than Hetzner's 32 KiB: shorten keep_dirs.");
  return text;
}

}  // namespace commands
