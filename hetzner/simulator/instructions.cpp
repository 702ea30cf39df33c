#include "hetzner/simulator/workspace.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr std::string_view first_line = "#cloud-config\n";
constexpr const char* path = "/etc/devbox/workspace.json";

/// The content of the file, or discarded JSON.
json workspace_file(const json& config) {
  if (!config.is_object() || !config.contains("write_files") || !config["write_files"].is_array())
    return json(json::value_t::discarded);
  for (const auto& file : config["write_files"])
    if (file.is_object() && file.value("path", json()) == path && file.value("content", json()).is_string())
      return json::parse(file["content"].get_ref<const std::string&>(), nullptr, false);
  return json(json::value_t::discarded);
}

}  // namespace

std::optional<Instructions> find_instructions(const std::string& user_data) {
  if (!user_data.starts_with(first_line)) return std::nullopt;
  const auto file = workspace_file(json::parse(user_data.substr(first_line.size()), nullptr, false));
  if (!file.is_object()) return std::nullopt;
  const auto text = [&](const char* key) {
    const auto value = file.value(key, json());
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  Instructions told{text("hostname"), text("login_server"), text("auth_key"), text("public_url"),
                    text("token")};
  if (told.hostname.empty() || told.login_server.empty() || told.public_url.empty()) return std::nullopt;
  return told;
}

}  // namespace hetzner::simulator
