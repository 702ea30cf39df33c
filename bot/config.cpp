#include "bot/config.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <fstream>
#include <sstream>

#include "bot/keys_of_config.hpp"
#include "bot/state.hpp"
#include "commands/nearest.hpp"
#include "net/error.hpp"
#include "net/url.hpp"

namespace bot {
namespace {

namespace ip = boost::asio::ip;

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw ConfigError(file + ": " + what);
}

std::string at_line(const toml::node& node) { return "line " + std::to_string(node.source().begin.line); }

toml::table parse(const std::string& file) {
  std::ifstream in(file);
  if (!in) refuse(file, "cannot be read.");
  std::stringstream text;
  text << in.rdbuf();
  try {
    return toml::parse(text.str());
  } catch (const toml::parse_error& error) {
    refuse(file, "line " + std::to_string(error.source().begin.line) + ": " +
                     std::string(error.description()) + ".");
  }
}

std::string meant(std::string_view word, const std::vector<std::string_view>& known) {
  const auto near = commands::nearest(word, known);
  return near ? " Did you mean \"" + *near + "\"?" : "";
}

void take_section(Config& config, const std::string& file, const std::string& section,
                  const toml::table& values) {
  std::vector<std::string_view> names;
  for (const auto& key : config_keys())
    if (key.section == section) names.push_back(key.name);
  for (const auto& [name, node] : values) {
    const std::string wanted(name.str());
    const auto found = std::find_if(config_keys().begin(), config_keys().end(), [&](const ConfigKey& key) {
      return key.section == section && key.name == wanted;
    });
    const auto where = at_line(node) + ": [" + section + "] " + wanted;
    if (found == config_keys().end()) refuse(file, where + " is not known." + meant(wanted, names));
    try {
      found->set(config, node);
    } catch (const ConfigError& error) {
      refuse(file, where + ": " + error.what() + ".");
    }
  }
}

void take_all(Config& config, const std::string& file, const toml::table& root) {
  std::vector<std::string_view> sections;
  for (const auto& key : config_keys())
    if (sections.empty() || sections.back() != key.section) sections.push_back(key.section);
  for (const auto& [name, node] : root) {
    const std::string section(name.str());
    if (section == "matrix" || section == "slack")
      refuse(file, at_line(node) + ": [" + section +
                       "] is not built yet; the chats are the terminal and the control socket.");
    const bool is_known = std::find(sections.begin(), sections.end(), section) != sections.end();
    if (!is_known)
      refuse(file, at_line(node) + ": [" + section + "] is not known." + meant(section, sections));
    if (!node.is_table())
      refuse(file, at_line(node) + ": " + section + " must be a section: [" + section + "]");
    take_section(config, file, section, *node.as_table());
  }
}

/// Where only this machine, or this machine's tailnet, can reach.
bool is_private(const std::string& host) {
  if (host == "localhost") return true;
  boost::system::error_code failure;
  const auto address = ip::make_address(host, failure);
  if (failure) return false;
  if (address.is_loopback()) return true;
  if (address.is_v4()) {
    const auto tailnet = ip::make_network_v4("100.64.0.0/10");
    return ip::network_v4(address.to_v4(), 10).canonical() == tailnet;
  }
  const auto tailnet = ip::make_network_v6("fd7a:115c:a1e0::/48");
  return ip::network_v6(address.to_v6(), 48).canonical() == tailnet;
}

void check_listen(const Config& config, const std::string& file) {
  const auto colon = config.listen.rfind(':');
  auto host = config.listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (colon == std::string::npos || !is_private(host))
    refuse(
        file,
        "[http] listen: \"" + config.listen +
            "\" must be ADDRESS:PORT with a loopback or tailnet address: nothing listens on a public one.");
}

void check_public_url(const Config& config, const std::string& file) {
  const auto& url = config.settings.public_url;
  if (url.empty()) return;
  try {
    const auto endpoint = net::parse_endpoint(url);
    const bool is_in_tailnet =
        !config.tailnet_domain.empty() && endpoint.host.ends_with("." + config.tailnet_domain);
    if (endpoint.tls || is_private(endpoint.host) || is_in_tailnet) return;
  } catch (const net::Error&) {
  }
  refuse(file, "[http] public_url: \"" + url +
                   "\" must be https, or http to a loopback or tailnet address: tokens travel on it.");
}

void check_endpoint(const std::string& url, const std::string& key, const std::string& file) {
  try {
    net::parse_endpoint(url);
  } catch (const net::Error&) {
    refuse(file, key + ": \"" + url + "\" is not an http or https URL.");
  }
}

void check_complete(const Config& config, const std::string& file) {
  if (config.hetzner_token.empty())
    refuse(file, "[hetzner] token_file is missing: the file with the API token.");
  if (config.oauth_client_id.empty() || config.oauth_client_secret.empty())
    refuse(file,
           "[tailnet] oauth_client_id and oauth_client_secret_file are missing: Tailscale's OAuth client.");
}

}  // namespace

Config read_config(const std::string& file) {
  Config config;
  const auto root = parse(file);
  take_all(config, file, root);
  if (config.database.empty()) config.database = state_directory() + "/devbox.db";
  check_listen(config, file);
  check_public_url(config, file);
  check_endpoint(config.hetzner_endpoint, "[hetzner] endpoint", file);
  check_endpoint(config.tailnet_api, "[tailnet] api", file);
  check_complete(config, file);
  return config;
}

}  // namespace bot
