#include "bot/keys_of_config.hpp"

#include <algorithm>
#include <charconv>

#include "bot/secret.hpp"
#include "commands/duration.hpp"
#include "commands/request.hpp"

namespace bot {
namespace {

using commands::Limits;
using commands::Settings;
using Set = std::function<void(Config&, const toml::node&)>;

[[noreturn]] void wrong(const std::string& wanted) { throw ConfigError("must be " + wanted); }

std::string text_of(const toml::node& node) {
  const auto text = node.value<std::string>();
  if (!node.is_string() || !text) wrong("a text in quotes");
  return *text;
}

std::vector<std::string> list_of(const toml::node& node) {
  const auto* array = node.as_array();
  if (!array) wrong("a list: [\"…\", \"…\"]");
  std::vector<std::string> list;
  for (const auto& one : *array) list.push_back(text_of(one));
  return list;
}

/// "15m" as people type it, and "20ms", which only machines want.
net::Duration duration_of(const toml::node& node) {
  const auto text = text_of(node);
  if (text.ends_with("ms")) {
    int milliseconds = 0;
    const auto* end = text.data() + text.size() - 2;
    const auto [stop, failure] = std::from_chars(text.data(), end, milliseconds);
    if (failure == std::errc() && stop == end && milliseconds > 0)
      return std::chrono::milliseconds(milliseconds);
    wrong("a duration like \"20ms\"");
  }
  try {
    if (const auto duration = commands::parse_duration(text)) return *duration;
  } catch (const commands::Error& error) {
    throw ConfigError(error.what());
  }
  wrong("a duration like \"15m\" or \"1h30m\"");
}

template <class Owner>
Config& part_of(Config& config, Owner Config::*) {
  return config;
}
template <class Owner>
Settings& part_of(Config& config, Owner Settings::*) {
  return config.settings;
}
template <class Owner>
Limits& part_of(Config& config, Owner Limits::*) {
  return config.settings.limits;
}
template <class Owner>
commands::Policy& part_of(Config& config, Owner commands::Policy::*) {
  return config.settings.policy;
}

template <class Class>
Set text(std::string Class::*member) {
  return [=](Config& config, const toml::node& node) { part_of(config, member).*member = text_of(node); };
}
template <class Class>
Set list(std::vector<std::string> Class::*member) {
  return [=](Config& config, const toml::node& node) { part_of(config, member).*member = list_of(node); };
}
Set duration(net::Duration Limits::*member) {
  return [=](Config& config, const toml::node& node) { config.settings.limits.*member = duration_of(node); };
}
Set number(int Settings::*member, int least, int most) {
  return [=](Config& config, const toml::node& node) {
    const auto value = node.value<std::int64_t>();
    if (!node.is_integer() || !value || *value < least || *value > most)
      wrong("a number from " + std::to_string(least) + " to " + std::to_string(most));
    config.settings.*member = static_cast<int>(*value);
  };
}
template <class Class>
Set one_of(std::string Class::*member, std::vector<std::string> allowed) {
  return [=](Config& config, const toml::node& node) {
    const auto value = text_of(node);
    std::string names;
    for (const auto& name : allowed) names += (names.empty() ? "\"" : " or \"") + name + "\"";
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) wrong(names);
    part_of(config, member).*member = value;
  };
}
Set secret(std::string Config::*member) {
  return [=](Config& config, const toml::node& node) { config.*member = read_secret(text_of(node), "it"); };
}
void set_money(Config& config, const toml::node& node) {
  const auto value = text_of(node);
  if (value != "net" && value != "gross") wrong("\"net\" or \"gross\"");
  config.settings.gross = value == "gross";
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> keys = {
      {"bot", "name", text(&Settings::name)},
      {"bot", "prefix", text(&Settings::prefix)},
      {"bot", "timezone", text(&Settings::timezone)},
      {"bot", "database", text(&Config::database)},
      {"bot", "ca_file", text(&Config::ca_file)},
      {"bot", "log", one_of(&Config::log, {"debug", "info", "warn", "error"})},
      {"bot", "money", set_money},
      {"http", "listen", text(&Config::listen)},
      {"http", "public_url", text(&Settings::public_url)},
      {"hetzner", "endpoint", text(&Config::hetzner_endpoint)},
      {"hetzner", "token_file", secret(&Config::hetzner_token)},
      {"hetzner", "location", text(&Settings::location)},
      {"hetzner", "firewalls", list(&Settings::firewalls)},
      {"hetzner", "ssh_keys", list(&Settings::ssh_keys)},
      {"tailnet", "kind", one_of(&Config::tailnet_kind, {"tailscale"})},
      {"tailnet", "api", text(&Config::tailnet_api)},
      {"tailnet", "oauth_client_id", text(&Config::oauth_client_id)},
      {"tailnet", "oauth_client_secret_file", secret(&Config::oauth_client_secret)},
      {"tailnet", "tag", text(&Settings::tag)},
      {"tailnet", "login_server", text(&Settings::login_server)},
      {"tailnet", "domain", text(&Config::tailnet_domain)},
      {"tailnet", "serve", one_of(&Settings::serve, {"auto", "https", "http"})},
      {"workspace", "image", text(&Settings::image)},
      {"workspace", "type", text(&Settings::type)},
      {"workspace", "volume_gb", number(&Settings::volume_gb, 10, 10240)},
      {"workspace", "user", text(&Settings::user)},
      {"workspace", "editor_port", number(&Settings::editor_port, 1, 65535)},
      {"workspace", "keep_dirs", list(&Settings::keep_dirs)},
      {"policy", "admins", list(&commands::Policy::admins)},
      {"policy", "operators", list(&commands::Policy::operators)},
      {"policy", "members", list(&commands::Policy::members)},
      {"limits", "stage_boot", duration(&Limits::stage_boot)},
      {"limits", "stage_join", duration(&Limits::stage_join)},
      {"limits", "stage_editor", duration(&Limits::stage_editor)},
      {"limits", "flush", duration(&Limits::flush)},
      {"limits", "shutdown", duration(&Limits::shutdown)},
      {"limits", "request", duration(&Limits::request)},
      {"limits", "poll_actions", duration(&Limits::poll_actions)},
      {"limits", "poll_devices", duration(&Limits::poll_devices)},
      {"limits", "undo_watch", duration(&Limits::undo_watch)},
      {"limits", "retry", duration(&Limits::retry)},
      {"limits", "answer", duration(&Limits::answer)},
  };
  return keys;
}

}  // namespace bot
