#include "bot/config_rules.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "commands/utf8.hpp"
#include "net/error.hpp"
#include "net/url.hpp"

namespace bot {
namespace {

constexpr net::Duration least_cap = std::chrono::hours(1);
constexpr net::Duration longest_cap = std::chrono::hours(31 * 24);
constexpr net::Duration least_trash = std::chrono::hours(24);
constexpr net::Duration longest_trash = std::chrono::hours(90 * 24);
constexpr net::Duration longest_grace = std::chrono::minutes(30);

namespace ip = boost::asio::ip;

/// Where only this machine, or this machine's tailnet, can reach.
bool is_private(const std::string& host) {
  if (net::is_loopback(host)) return true;
  boost::system::error_code failure;
  const auto address = ip::make_address(host, failure);
  if (failure) return false;
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

/// A URL, or a server's name, which is asked over https where its homeserver is.
void check_homeserver(const std::string& place) {
  check_there(place, "matrix", "homeserver", "\"https://matrix.example.org\", or the server's name");
  if (place.find("://") != std::string::npos) return check_endpoint(place, "matrix", "homeserver");
  try {
    if (net::parse_endpoint("https://" + place).path.empty()) return;
  } catch (const net::Error&) {
  }
  throw Unfit{"matrix", "homeserver",
              "\"" + place + "\" must be a URL like \"https://matrix.example.org\", or a server's name"};
}

void check_matrix(const matrix::Options& options) {
  check_homeserver(options.homeserver);
  check_there(options.user, "matrix", "user", "the bot's account, like \"@devbox:example.org\"");
  if (options.access_token.empty() && options.password.empty())
    throw Unfit{"matrix", "access_token_file",
                "is missing: the file with the account's access token, or password_file with its password"};
  if (!options.access_token.empty() && !options.password.empty())
    throw Unfit{"matrix", "password_file", "stands beside access_token_file; one of the two is enough"};
  if (options.rooms.empty() && options.inviters.empty())
    throw Unfit{"matrix", "rooms",
                "is missing, and so is inviters: name the rooms to be in, or who may invite to one"};
}

/// The two are easily taken for each other, and Slack's own word for that says little.
void check_slack_token(const std::string& token, const std::string& start, const std::string& key,
                       const std::string& what) {
  check_there(token, "slack", key, "the file with " + what + ", which begins with " + start);
  if (!token.starts_with(start))
    throw Unfit{"slack", key, "holds a token that does not begin with " + start + ": it must be " + what};
}

void check_slack(const slack::Options& options) {
  if (options.api_url.empty()) throw Unfit{"slack", "api_url", "must be an https URL"};
  const auto endpoint = net::parse_endpoint(options.api_url);
  if (!endpoint.tls && !net::is_loopback(endpoint.host))
    throw Unfit{
        "slack", "api_url",
        "\"" + options.api_url + "\" must be https, or http to a loopback address: tokens travel on it"};
  check_slack_token(options.app_token, "xapp-", "app_token_file", "the app-level token");
  check_slack_token(options.bot_token, "xoxb-", "bot_token_file", "the installed app's bot token");
}

void check_tailscale(const Config& config) {
  check_there(config.oauth_client_id, "tailnet", "oauth_client_id", "of Tailscale's OAuth client");
  check_there(config.oauth_client_secret, "tailnet", "oauth_client_secret_file",
              "the file with the secret of Tailscale's OAuth client");
}

void check_headscale(const Config& config) {
  const auto& settings = config.settings;
  check_there(config.headscale_key, "tailnet", "api_key_file",
              "the file with an API key of headscale's (headscale apikeys create)");
  check_there(config.tailnet_domain, "tailnet", "domain",
              "headscale's dns.base_domain, which its API does not tell");
  check_there(settings.login_server, "tailnet", "login_server", "headscale's server_url");
  if (config.tailnet_api == Config().tailnet_api)
    throw Unfit{"tailnet", "api",
                "is missing: where headscale answers, like \"https://headscale.example.org\""};
  if (commands::lower(settings.tag) != settings.tag)
    throw Unfit{"tailnet", "tag",
                "\"" + settings.tag + "\" must be in small letters: headscale takes no others"};
  if (settings.serve == "https")
    throw Unfit{"tailnet", "serve",
                "\"https\" wants certificates, and headscale has none: \"auto\" or \"http\""};
}

void check_tailnet(const Config& config) {
  if (config.tailnet_kind == "headscale") return check_headscale(config);
  check_tailscale(config);
}

/// "90m": as it is written in the configuration.
std::string said(net::Duration time) {
  using std::chrono::seconds;
  const auto all = std::chrono::duration_cast<seconds>(time).count();
  for (const auto& [length, unit] : {std::pair(86400, "d"), std::pair(3600, "h"), std::pair(60, "m")})
    if (all % length == 0) return std::to_string(all / length) + unit;
  return std::to_string(all) + "s";
}

/// What a workspace may do without being asked about it has to fit together.
void check_idle(const commands::IdlePolicy& idle) {
  const auto check = [](bool fits, const std::string& key, const std::string& why) {
    if (!fits) throw Unfit{"policy", key, why};
  };
  check(idle.hard_cap >= least_cap && idle.hard_cap <= longest_cap, "hard_cap",
        said(idle.hard_cap) + " must be from " + said(least_cap) + " to " + said(longest_cap));
  check(idle.stop <= idle.hard_cap, "idle_stop",
        said(idle.stop) + " must not be longer than hard_cap, which is " + said(idle.hard_cap));
  check(idle.remind < idle.stop, "idle_remind",
        said(idle.remind) + " must be shorter than idle_stop, which is " + said(idle.stop));
  check(idle.grace <= longest_grace, "grace",
        said(idle.grace) + " must be at most " + said(longest_grace) + ", the time to answer before a stop");
}

void check_trash(const commands::TrashPolicy& trash) {
  if (trash.time < least_trash || trash.time > longest_trash)
    throw Unfit{"policy", "trash",
                said(trash.time) + " must be from " + said(least_trash) + " to " + said(longest_trash)};
}

}  // namespace

void check_rules(const Config& config) {
  check_idle(config.settings.policy.idle);
  check_trash(config.settings.policy.trash);
  check_listen(config);
  check_public_url(config);
  check_endpoint(config.hetzner_endpoint, "hetzner", "endpoint");
  check_endpoint(config.tailnet_api, "tailnet", "api");
  if (config.matrix) check_matrix(*config.matrix);
  if (config.slack) check_slack(*config.slack);
  check_there(config.hetzner_token, "hetzner", "token_file", "the file with the project's API token");
  check_tailnet(config);
}

}  // namespace bot
