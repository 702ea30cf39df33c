#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

/// Where a service lives: `https://api.hetzner.cloud/v1` → scheme https, host, port 443, path "/v1".
struct Endpoint {
  bool tls = false;
  std::string host;
  std::uint16_t port = 0;
  std::string path;  ///< "" or "/v1": without a trailing slash
  [[nodiscard]] std::string url() const;
  /// "api.hetzner.cloud", "[::1]:8443": the port where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
};

/// Throws Error when `url` is not an absolute http or https URL.
Endpoint parse_endpoint(std::string_view url);

/// A whole URL, http, https, ws or wss, and what is asked for there: "https://hooks.slack.com" and
/// "/commands/T1/2?x=y".
struct Link {
  Endpoint endpoint;  ///< without a path
  std::string target;
};
/// Throws Error when `url` is none of those.
Link parse_link(std::string_view url);

using Query = std::vector<std::pair<std::string, std::string>>;

/// "/a%20b?x=1&x=2" decoded: path "/a b", query in order, repeated keys kept.
struct Target {
  std::string path;
  Query query;
  [[nodiscard]] std::optional<std::string> find(std::string_view key) const;
};
/// Throws Error when the text is not an origin-form target.
Target parse_target(std::string_view target);
/// "127.0.0.1" of "127.0.0.1:8080", "::1" of "[::1]:8080"; nullopt without a colon.
std::optional<std::string> listen_host(const std::string& listen);
/// A name or address that leads to this machine and nowhere else.
bool is_loopback(const std::string& host);

/// "x=1&y=a%20b", without the question mark; "" for no pairs. Also the form encoding of a body.
std::string encode_query(const Query& query);
/// Throws Error when the text is not form encoded; '+' is a space.
Query parse_form(std::string_view body);

}  // namespace net
