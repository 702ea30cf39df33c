#include "bot/keys_of_config.hpp"

#include "bot/config_values.hpp"
#include "bot/secret.hpp"

namespace bot {
namespace {

using commands::IdlePolicy;
using commands::Limits;
using commands::Policy;
using commands::Settings;
using commands::TrashPolicy;
using Matrix = matrix::Options;
using Slack = slack::Options;
using Set = std::function<void(Config&, const toml::node&)>;

Config& part_of(Config& config, const Config*) { return config; }
Settings& part_of(Config& config, const Settings*) { return config.settings; }
Limits& part_of(Config& config, const Limits*) { return config.settings.limits; }
Policy& part_of(Config& config, const Policy*) { return config.settings.policy; }
IdlePolicy& part_of(Config& config, const IdlePolicy*) { return config.settings.policy.idle; }
TrashPolicy& part_of(Config& config, const TrashPolicy*) { return config.settings.policy.trash; }

/// Made by its section's heading, which comes first.
matrix::Options& part_of(Config& config, const matrix::Options*) { return *config.matrix; }
slack::Options& part_of(Config& config, const slack::Options*) { return *config.slack; }

/// The member of a part becomes what `read` makes of the value.
template <class Value, class Class, class Read>
Set keep(Value Class::*member, Read read) {
  return [=](Config& config, const toml::node& node) {
    part_of(config, static_cast<const Class*>(nullptr)).*member = read(node);
  };
}

/// A key whose feature does not exist: checked as it will be then, and whoever sets it is told.
template <class Read>
ConfigKey later(const std::string& section, const std::string& name, Read read) {
  const auto remark = "[" + section + "] " + name + " has no effect yet";
  const auto check = [=](Config& config, const toml::node& node) {
    static_cast<void>(read(node));
    config.remarks.push_back(remark);
  };
  return {section, name, check};
}

/// People's patterns; whoever has written one that matches nobody is told.
ConfigKey who(const std::string& name, std::vector<std::string> Policy::*member) {
  const auto set = [=](Config& config, const toml::node& node) {
    auto& patterns = config.settings.policy.*member;
    patterns = values::people(node);
    for (const auto& pattern : patterns)
      if (pattern == values::all_of_slack)
        config.remarks.push_back("[policy] " + name + ": \"" + pattern +
                                 "\" matches nobody: everybody in a workspace is \"slack:T0123ABCD/*\"");
  };
  return {"policy", name, set};
}

auto one_of(std::vector<std::string> allowed) {
  return [=](const toml::node& node) { return values::one_of(node, allowed); };
}
auto number(int least, int most) {
  return [=](const toml::node& node) { return values::number(node, least, most); };
}
std::string secret(const toml::node& node) { return read_secret(values::word(node)); }
bool gross(const toml::node& node) { return values::one_of(node, {"net", "gross"}) == "gross"; }

commands::Substitutes substitutes(const toml::node& node) {
  const auto value = values::one_of(node, {"same", "any", "off"});
  return value == "same"  ? commands::Substitutes::same
         : value == "any" ? commands::Substitutes::any
                          : commands::Substitutes::off;
}

/// One number: for each person, and four times as many for all; or { person = 10, all = 40 }.
void creates_per_hour(Config& config, const toml::node& node) {
  auto& policy = config.settings.policy;
  const auto* both = node.as_table();
  if (!both) {
    policy.creates_per_hour = values::number(node, 1, 1000);
    policy.all_creates_per_hour = 4 * policy.creates_per_hour;
    return;
  }
  for (const auto& [key, value] : *both) {
    if (key == "person")
      policy.creates_per_hour = values::number(value, 1, 1000);
    else if (key == "all")
      policy.all_creates_per_hour = values::number(value, 1, 10000);
    else
      throw ConfigError("must be a number, or { person = N, all = N }");
  }
}

/// { "ROOM ID" = "read" | "member" | "operator" }.
std::map<std::string, commands::RoomLimit> room_limits(const toml::node& node) {
  using commands::RoomLimit;
  const auto* rooms = node.as_table();
  if (!rooms) throw ConfigError("must be a table, like { \"!abc:example.org\" = \"read\" }");
  std::map<std::string, RoomLimit> limits;
  for (const auto& [key, value] : *rooms) {
    const std::string room(key.str());
    if (room.empty() || room.starts_with('#'))
      throw ConfigError("\"" + room +
                        "\" must be a room's id, like \"!abc:example.org\": an alias can be moved "
                        "to another room");
    const auto limit = values::one_of(value, {"read", "member", "operator"});
    limits[room] = limit == "read"     ? RoomLimit::read
                   : limit == "member" ? RoomLimit::member
                                       : RoomLimit::operating;
  }
  return limits;
}

/// A list of types, or { types = […], hourly = "0.10", wait = "24h" }.
commands::Approval approval(const toml::node& node) {
  commands::Approval approval;
  const auto* table = node.as_table();
  if (!table) {
    approval.types = values::list(node);
    return approval;
  }
  for (const auto& [key, value] : *table) {
    if (key == "types")
      approval.types = values::list(value);
    else if (key == "hourly")
      approval.hourly = values::text(value).empty() ? "" : values::amount(value);
    else if (key == "wait")
      approval.wait = values::duration(value);
    else
      throw ConfigError(
          "must be a list of types, or { types = [\"ccx*\"], hourly = \"0.10\", wait = \"24h\" }");
  }
  return approval;
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  using namespace values;
  static const std::vector<ConfigKey> keys = {
      {"bot", "name", keep(&Settings::name, label)},
      {"bot", "prefix", keep(&Settings::prefix, prefix)},
      {"bot", "timezone", keep(&Settings::timezone, zone)},
      {"bot", "database", keep(&Config::database, text)},
      {"bot", "ca_file", keep(&Config::ca_file, text)},
      {"bot", "log", keep(&Config::log, one_of({"debug", "info", "warn", "error"}))},
      {"bot", "money", keep(&Settings::gross, gross)},
      {"http", "listen", keep(&Config::listen, word)},
      {"http", "public_url", keep(&Settings::public_url, url)},
      {"hetzner", "endpoint", keep(&Config::hetzner_endpoint, url)},
      {"hetzner", "token_file", keep(&Config::hetzner_token, secret)},
      {"hetzner", "location", keep(&Settings::location, word)},
      {"hetzner", "substitutes", keep(&Settings::substitutes, substitutes)},
      {"hetzner", "firewalls", keep(&Settings::firewalls, list)},
      {"hetzner", "ssh_keys", keep(&Settings::ssh_keys, list)},
      {"tailnet", "kind", keep(&Config::tailnet_kind, one_of({"tailscale", "headscale"}))},
      {"tailnet", "api", keep(&Config::tailnet_api, url)},
      {"tailnet", "oauth_client_id", keep(&Config::oauth_client_id, word)},
      {"tailnet", "oauth_client_secret_file", keep(&Config::oauth_client_secret, secret)},
      {"tailnet", "api_key_file", keep(&Config::headscale_key, secret)},
      {"tailnet", "user", keep(&Config::headscale_user, word)},
      {"tailnet", "tag", keep(&Settings::tag, tag)},
      {"tailnet", "login_server", keep(&Settings::login_server, url)},
      {"tailnet", "domain", keep(&Config::tailnet_domain, text)},
      later("tailnet", "proxy", url),
      {"tailnet", "serve", keep(&Settings::serve, one_of({"auto", "https", "http"}))},
      {"tailnet", "ssh", keep(&Settings::ssh, yes_or_no)},
      {"workspace", "image", keep(&Settings::image, word)},
      {"workspace", "image_weeks", keep(&Settings::image_weeks, number(1, 520))},
      {"workspace", "type", keep(&Settings::type, word)},
      {"workspace", "volume_gb", keep(&Settings::volume_gb, number(10, 10240))},
      {"workspace", "user", keep(&Settings::user, login)},
      {"workspace", "editor_port", keep(&Settings::editor_port, number(1, 65535))},
      {"workspace", "keep_dirs", keep(&Settings::keep_dirs, folders)},
      {"matrix", "homeserver", keep(&Matrix::homeserver, word)},
      {"matrix", "user", keep(&Matrix::user, matrix_user)},
      {"matrix", "access_token_file", keep(&Matrix::access_token, secret)},
      {"matrix", "password_file", keep(&Matrix::password, secret)},
      {"matrix", "rooms", keep(&Matrix::rooms, matrix_rooms)},
      {"matrix", "inviters", keep(&Matrix::inviters, matrix_users)},
      {"matrix", "ignore", keep(&Matrix::ignore, matrix_users)},
      {"slack", "api_url", keep(&Slack::api_url, url)},
      {"slack", "app_token_file", keep(&Slack::app_token, secret)},
      {"slack", "bot_token_file", keep(&Slack::bot_token, secret)},
      {"slack", "channels", keep(&Slack::channels, slack_channels)},
      who("admins", &Policy::admins),
      who("operators", &Policy::operators),
      who("members", &Policy::members),
      {"policy", "rooms", keep(&Policy::rooms, room_limits)},
      later("policy", "budget", amount),
      {"policy", "creates_per_hour", creates_per_hour},
      {"policy", "approve", keep(&Policy::approve, approval)},
      {"policy", "jobs", keep(&Policy::jobs, processes)},
      {"policy", "idle_remind", keep(&IdlePolicy::remind, duration)},
      {"policy", "idle_stop", keep(&IdlePolicy::stop, duration)},
      {"policy", "grace", keep(&IdlePolicy::grace, duration)},
      {"policy", "hard_cap", keep(&IdlePolicy::hard_cap, duration)},
      {"policy", "quiet", keep(&IdlePolicy::quiet, quiet)},
      {"policy", "trash", keep(&TrashPolicy::time, duration)},
      {"limits", "stage_boot", keep(&Limits::stage_boot, limit)},
      {"limits", "stage_join", keep(&Limits::stage_join, limit)},
      {"limits", "stage_editor", keep(&Limits::stage_editor, limit)},
      {"limits", "flush", keep(&Limits::flush, limit)},
      {"limits", "shutdown", keep(&Limits::shutdown, limit)},
      {"limits", "request", keep(&Limits::request, limit)},
      {"limits", "poll_actions", keep(&Limits::poll_actions, limit)},
      {"limits", "poll_devices", keep(&Limits::poll_devices, limit)},
      {"limits", "undo_watch", keep(&Limits::undo_watch, limit)},
      {"limits", "reconcile", keep(&Limits::reconcile, limit)},
      {"limits", "retry", keep(&Limits::retry, limit)},
      {"limits", "answer", keep(&Limits::answer, limit)},
  };
  return keys;
}

}  // namespace bot
