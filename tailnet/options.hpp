#pragma once
#include <string>

#include "net/clock.hpp"

namespace tailnet {

/// Whose API it is.
enum class Kind { tailscale, headscale };

struct Options {
  Kind kind = Kind::tailscale;
  std::string tag = "tag:devbox";   ///< "{owner}" in it stands for the name of a workspace's owner
  std::string domain;               ///< appended to a bare name (headscale)
  std::string oauth_client_id;      ///< Tailscale's
  std::string oauth_client_secret;  ///< Tailscale's
  std::string api_key;              ///< headscale's
  std::string user;  ///< headscale's, whose the keys are; "" = nobody's, as 0.28 and later allow
  net::Duration timeout = std::chrono::seconds(30);  ///< one request
  net::Duration poll = std::chrono::seconds(3);      ///< looks for a machine are 1 to 5/3 of it apart
  net::Duration retry = std::chrono::seconds(1);     ///< first back-off, doubled, up to 30 of it, full jitter
  int tries = 6;                                     ///< in all, where a repetition is safe
};

}  // namespace tailnet
