#include "net/url.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/params_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "net/error.hpp"

namespace net {
namespace {
namespace urls = boost::urls;

std::uint16_t default_port(bool tls) { return tls ? 443 : 80; }

/// 0 when the text is not a port.
std::uint16_t port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() ? port : 0;
}

boost::core::string_view boosted(std::string_view text) { return {text.data(), text.size()}; }

Query decoded(urls::params_encoded_view encoded) {
  urls::encoding_opts plus_is_space;
  plus_is_space.space_as_plus = true;
  Query query;
  for (const auto& param : encoded)
    query.emplace_back(param.key.decode(plus_is_space), param.value.decode(plus_is_space));
  return query;
}

}  // namespace

std::string Endpoint::url() const {
  return fmt::format("{}://{}{}", tls ? "https" : "http", authority(), path);
}

std::string Endpoint::authority() const {
  const auto name = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == default_port(tls) ? name : fmt::format("{}:{}", name, port);
}

Endpoint parse_endpoint(std::string_view url) {
  const auto refuse = [&](const char* why) {
    return Error(fmt::format("\"{}\" is not the address of a service: {}", url, why));
  };
  const auto parsed = urls::parse_uri(boosted(url));
  if (!parsed || (parsed->scheme_id() != urls::scheme::http && parsed->scheme_id() != urls::scheme::https))
    throw refuse("it must look like https://host/path");
  if (parsed->host_address().empty()) throw refuse("it names no host");
  // Boost ends a host at an address and reads "http://127.0.0.1.evil.example" as a path that follows one.
  if (const auto path = parsed->encoded_path(); !path.empty() && path.front() != '/')
    throw refuse("after its host may follow only a port and a path, which begins with /");
  if (parsed->has_userinfo() || parsed->has_query() || parsed->has_fragment())
    throw refuse("it may hold no user, query or fragment");

  Endpoint endpoint;
  endpoint.tls = parsed->scheme_id() == urls::scheme::https;
  endpoint.host = parsed->host_address();
  const std::string_view port = parsed->port();
  endpoint.port = parsed->has_port() ? port_of(port) : default_port(endpoint.tls);
  if (endpoint.port == 0) throw refuse("its port is not one");
  endpoint.path = std::string(parsed->encoded_path());
  while (!endpoint.path.empty() && endpoint.path.back() == '/') endpoint.path.pop_back();
  return endpoint;
}

Link parse_link(std::string_view url) {
  const auto scheme = url.find("://");
  const auto path = scheme == std::string_view::npos ? scheme : url.find_first_of("/?#", scheme + 3);
  auto place = std::string(url.substr(0, path));
  if (place.starts_with("ws")) place.replace(0, 2, "http");
  Link link;
  link.endpoint = parse_endpoint(place);
  if (path != std::string_view::npos) link.target = std::string(url.substr(path, url.find('#') - path));
  if (!link.target.starts_with('/')) link.target.insert(0, "/");
  return link;
}

std::optional<std::string> Target::find(std::string_view key) const {
  for (const auto& [name, value] : query)
    if (name == key) return value;
  return std::nullopt;
}

Target parse_target(std::string_view target) {
  const auto parsed = urls::parse_origin_form(boosted(target));
  if (!parsed) throw Error(fmt::format("\"{}\" is not the target of a request", target));
  Target result;
  result.path = parsed->path();
  if (parsed->has_query() && !parsed->encoded_query().empty())
    result.query = decoded(parsed->encoded_params());
  return result;
}

std::string encode_query(const Query& query) {
  std::string text;
  for (const auto& [key, value] : query) {
    if (!text.empty()) text += '&';
    text += urls::encode(key, urls::unreserved_chars);
    text += '=';
    text += urls::encode(value, urls::unreserved_chars);
  }
  return text;
}

Query parse_form(std::string_view body) {
  if (body.empty()) return {};
  const auto parsed = urls::parse_query(boosted(body));
  if (!parsed) throw Error("a body is not form encoded");
  return decoded(*parsed);
}

std::optional<std::string> listen_host(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

bool is_loopback(const std::string& host) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(host, failure);
  return host == "localhost" || (!failure && address.is_loopback());
}

}  // namespace net
