#include <map>
#include <sstream>

#include "hetzner/simulator/workspace.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr std::string_view first_line = "#cloud-config\n";

/// Path → content, of the files that are written as they stand.
std::map<std::string, std::string> plain_files(const json& config) {
  std::map<std::string, std::string> files;
  if (!config.is_object() || !config.contains("write_files") || !config["write_files"].is_array())
    return files;
  for (const auto& file : config["write_files"])
    if (file.is_object() && !file.contains("encoding") && file.value("path", json()).is_string() &&
        file.value("content", json()).is_string())
      files[file["path"]] = file["content"];
  return files;
}

/// 'it'\''s' → it's: what a POSIX shell makes of single quotes and backslashes.
std::string unquoted(const std::string& text) {
  std::string value;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'')
      quoted = !quoted;
    else if (text[at] == '\\' && !quoted && at + 1 < text.size())
      value += text[++at];
    else
      value += text[at];
  }
  return value;
}

/// The lines KEY='value' of a file.
std::map<std::string, std::string> variables(const std::string& text) {
  std::map<std::string, std::string> values;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (const auto sign = line.find('='); sign != std::string::npos)
      values[line.substr(0, sign)] = unquoted(line.substr(sign + 1));
  return values;
}

std::string first_line_of(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::optional<Instructions> find_instructions(const std::string& user_data) {
  if (!user_data.starts_with(first_line)) return std::nullopt;
  auto files = plain_files(json::parse(user_data.substr(first_line.size()), nullptr, false));
  auto values = variables(files["/etc/devbox/env"]);
  Instructions told{values["DEVBOX_HOSTNAME"], values["DEVBOX_LOGIN_SERVER"],
                    first_line_of(files["/etc/devbox/auth-key"]), values["DEVBOX_PUBLIC_URL"],
                    first_line_of(files["/etc/devbox/token"])};
  if (told.hostname.empty() || told.login_server.empty() || told.public_url.empty()) return std::nullopt;
  return told;
}

}  // namespace hetzner::simulator
