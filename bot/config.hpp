#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bot/matrix/options.hpp"
#include "bot/slack/options.hpp"
#include "commands/settings.hpp"

namespace bot {

/// The configuration cannot be used; the sentence names file, key and what would do. Exit 78.
struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The configuration (DESIGN, Config), secrets read from their files.
struct Config {
  commands::Settings settings;
  std::string database;  ///< "" in the file = devbox.db in the state directory
  std::string ca_file;
  std::string log = "info";
  std::string listen = "127.0.0.1:0";  ///< of the reports endpoint; loopback or tailnet only
  std::string hetzner_endpoint = "https://api.hetzner.cloud/v1";
  std::string hetzner_token;
  std::string tailnet_api = "https://api.tailscale.com";
  std::string tailnet_kind = "tailscale";
  std::string oauth_client_id;
  std::string oauth_client_secret;
  std::string headscale_key;
  std::string headscale_user;
  std::string tailnet_domain;
  std::optional<matrix::Options> matrix;  ///< without: no Matrix
  std::optional<slack::Options> slack;    ///< without: no Slack
  std::vector<std::string> remarks;       ///< what whoever wrote it should know, a sentence each
  bool operator==(const Config&) const = default;
};

/// Throws ConfigError.
Config read_config(const std::string& file);
/// The same for the text that stands in `file`.
Config parse_config(const std::string& text, const std::string& file);

}  // namespace bot
