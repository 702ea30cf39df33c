#include "bot/config_rules.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>
#include <optional>

#include "commands/utf8.hpp"
#include "net/url.hpp"

namespace bot {
namespace {

namespace ip = boost::asio::ip;

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

/// The host of "127.0.0.1:8080" and "[::1]:8080"; nullopt when it is not written like that.
std::optional<std::string> host_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::uint16_t port = 0;
  const auto* end = listen.data() + listen.size();
  const auto [stop, failure] = std::from_chars(listen.data() + colon + 1, end, port);
  if (failure != std::errc() || stop != end) return std::nullopt;
  auto host = listen.substr(0, colon);
  const bool has_brackets = host.starts_with('[') && host.ends_with(']');
  if (has_brackets) host = host.substr(1, host.size() - 2);
  if (!has_brackets && host.find(':') != std::string::npos) return std::nullopt;
  return host;
}

void check_listen(const Config& config) {
  const auto host = host_of(config.listen);
  if (!host)
    throw Unfit{"http", "listen", "\"" + config.listen + "\" must be ADDRESS:PORT, like \"127.0.0.1:8123\""};
  if (!is_private(*host))
    throw Unfit{"http", "listen",
                "\"" + config.listen +
                    "\" must be a loopback or tailnet address (100.64.0.0/10, fd7a:115c:a1e0::/48): nothing "
                    "listens on a public one"};
}

void check_public_url(const Config& config) {
  const auto& url = config.settings.public_url;
  if (url.empty()) return;
  const auto endpoint = net::parse_endpoint(url);
  const auto domain = "." + commands::lower(config.tailnet_domain);
  const bool is_in_tailnet = domain.size() > 1 && commands::lower(endpoint.host).ends_with(domain);
  if (endpoint.tls || is_private(endpoint.host) || is_in_tailnet) return;
  throw Unfit{"http", "public_url",
              "\"" + url +
                  "\" must be https, or http to a loopback or tailnet address or to a name under [tailnet] "
                  "domain: tokens travel on it"};
}

/// A token that is sent in clear is no secret.
void check_endpoint(const std::string& url, const std::string& section, const std::string& key) {
  if (url.empty()) throw Unfit{section, key, "must be an http or https URL"};
  const auto endpoint = net::parse_endpoint(url);
  if (endpoint.tls || is_private(endpoint.host)) return;
  throw Unfit{section, key,
              "\"" + url + "\" must be https, or http to a loopback or tailnet address: tokens travel on it"};
}

void check_there(const std::string& value, const std::string& section, const std::string& key,
                 const std::string& what) {
  if (value.empty()) throw Unfit{section, key, "is missing: " + what};
}

}  // namespace

void check_rules(const Config& config) {
  check_listen(config);
  check_public_url(config);
  check_endpoint(config.hetzner_endpoint, "hetzner", "endpoint");
  check_endpoint(config.tailnet_api, "tailnet", "api");
  check_there(config.hetzner_token, "hetzner", "token_file", "the file with the project's API token");
  check_there(config.oauth_client_id, "tailnet", "oauth_client_id", "of Tailscale's OAuth client");
  check_there(config.oauth_client_secret, "tailnet", "oauth_client_secret_file",
              "the file with the secret of Tailscale's OAuth client");
}

}  // namespace bot
