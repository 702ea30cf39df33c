#pragma once
#include <stdexcept>
#include <string>

#include "commands/settings.hpp"

namespace bot {

struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Config {
  commands::Settings settings;
  std::string database;
  std::string ca_file;
  std::string log = "info";
  std::string listen = "127.0.0.1:0";
  std::string hetzner_endpoint = "https://api.hetzner.cloud/v1";
  std::string hetzner_token;
  std::string tailnet_api = "https://api.tailscale.com";
  std::string tailnet_kind = "tailscale";
  std::string oauth_client_id;
  std::string oauth_client_secret;
  std::string api_key;
  std::string tailnet_domain;
  bool has_matrix = false;
  bool has_slack = false;
};
Config read_config(const std::string& file);

}  // namespace bot
