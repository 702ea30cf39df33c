#include "bot/matrix/homeserver.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "bot/matrix/event.hpp"
#include "commands/printable.hpp"
#include "net/error.hpp"

namespace bot::matrix {
namespace {

using nlohmann::json;

constexpr int most_redirects = 5;
/// A sync brings up to 100 events of 64 KiB for each room.
constexpr std::size_t largest_answer = 64 * 1024 * 1024;
constexpr std::size_t longest_error = 200;
/// Threads and edits: Matrix 1.4.
constexpr int least_minor = 4;
constexpr std::chrono::hours longest_wait(1);

std::optional<net::Duration> wait_of(const net::HttpResponse& response, const json& body) {
  std::optional<net::Duration> wait;
  const auto take = [&](std::int64_t ms) {
    const auto asked = std::min<net::Duration>(net::Duration(std::max<std::int64_t>(ms, 0)), longest_wait);
    wait = wait ? std::max(*wait, asked) : asked;
  };
  if (const auto header = net::find_header(response.headers, "Retry-After")) {
    std::int64_t seconds = 0;
    const auto* end = header->data() + header->size();
    const auto [stop, failure] = std::from_chars(header->data(), end, seconds);
    if (failure == std::errc() && stop == end && seconds < 1'000'000) take(seconds * 1000);
  }
  const auto ms = body.find("retry_after_ms");
  if (ms != body.end() && ms->is_number_unsigned()) {
    const auto asked = ms->get<std::uint64_t>();
    take(static_cast<std::int64_t>(std::min<std::uint64_t>(asked, 86'400'000)));
  }
  return wait;
}

Refusal refusal_of(const Call& call, const net::HttpResponse& response) {
  auto body = json::parse(response.body, nullptr, false);
  if (!body.is_object()) body = json::object();
  const auto errcode = text_of(body, "errcode");
  const auto error = commands::cut(commands::printable(text_of(body, "error")), longest_error);
  const auto path = call.target.substr(0, call.target.find('?'));
  Refusal refusal("the homeserver answered " + call.method + " " + path + " with " +
                      std::to_string(response.status) + (errcode.empty() ? "" : " " + errcode) +
                      (error.empty() ? "" : ": " + error),
                  response.status);
  refusal.errcode = errcode;
  refusal.error = error;
  const auto soft = body.find("soft_logout");
  refusal.soft_logout = soft != body.end() && soft->is_boolean() && soft->get<bool>();
  if (response.status == 429) refusal.wait = wait_of(response, body);
  return refusal;
}

/// "v1.11" and later ones; r0.x is older than all we use.
bool is_enough(const json& version) {
  if (!version.is_string()) return false;
  const auto& text = version.get_ref<const std::string&>();
  if (!text.starts_with("v1.")) return false;
  int minor = 0;
  const auto [stop, failure] = std::from_chars(text.data() + 3, text.data() + text.size(), minor);
  return failure == std::errc() && minor >= least_minor;
}

}  // namespace

std::string escaped(const std::string& text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string made;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      made += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    made += '%';
    made += digits[byte >> 4];
    made += digits[byte & 15];
  }
  return made;
}

json object_of(const std::string& body) {
  auto object = json::parse(body, nullptr, false);
  if (!object.is_object()) throw BadAnswer("the homeserver's answer is no JSON object");
  return object;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

Homeserver::Homeserver(net::Executor executor, std::string place, std::string ca_file)
    : executor_(std::move(executor)), place_(std::move(place)), ca_file_(std::move(ca_file)) {}

std::unique_ptr<net::Client> Homeserver::client_of(const std::string& url) const {
  net::ClientOptions options;
  options.ca_file = ca_file_;
  options.tally = tally_;
  options.body_limit = largest_answer;
  return std::make_unique<net::Client>(executor_, net::parse_endpoint(url), options);
}

net::awaitable<void> Homeserver::ensure_found(net::Duration timeout) {
  if (is_found_) co_return;
  const auto url = co_await discover(timeout);
  client_ = client_of(url);
  const Call ask{"GET", "/_matrix/client/versions"};
  const auto body = co_await call(ask, timeout);
  const auto versions = object_of(body).value("versions", json::array());
  const bool is_supported = versions.is_array() && std::any_of(versions.begin(), versions.end(), is_enough);
  if (!is_supported)
    throw Unsupported("the homeserver at " + url + " does not speak Matrix 1.4 or later, which devbox needs");
  is_found_ = true;
}

net::awaitable<std::string> Homeserver::discover(net::Duration timeout) {
  if (place_.find("://") != std::string::npos) co_return place_;
  const auto body = co_await well_known(timeout);
  if (body.empty()) co_return "https://" + place_;
  const auto homeserver = object_of(body).value("m.homeserver", json::object());
  auto url = homeserver.is_object() ? text_of(homeserver, "base_url") : "";
  while (url.ends_with('/')) url.pop_back();
  // Only over TLS may a name decide where the token goes.
  if (!url.starts_with("https://"))
    throw BadAnswer("https://" + place_ + "/.well-known/matrix/client names no https:// base_url");
  co_return url;
}

/// "" when there is none: then the name is where the homeserver is.
net::awaitable<std::string> Homeserver::well_known(net::Duration timeout) {
  auto url = "https://" + place_ + "/.well-known/matrix/client";
  for (int redirects = 0; redirects <= most_redirects; ++redirects) {
    auto endpoint = net::parse_endpoint(url);
    net::HttpRequest request;
    request.method = "GET";
    request.target = std::exchange(endpoint.path, "");
    const auto client = client_of(endpoint.url());
    const auto response = co_await client->fetch(request, timeout);
    if (response.status == 200) co_return response.body;
    const auto location = net::find_header(response.headers, "Location");
    if (response.status < 300 || response.status >= 400 || !location) co_return "";
    url = location->starts_with('/') ? "https://" + endpoint.authority() + *location : *location;
    if (!url.starts_with("https://")) break;
  }
  co_return "";
}

net::awaitable<std::string> Homeserver::call(Call call, net::Duration timeout) {
  net::HttpRequest request;
  request.method = call.method;
  request.target = call.target;
  request.body = std::move(call.body);
  if (!call.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + call.token);
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", call.content_type);
  auto response = co_await client_->fetch(request, timeout);
  if (response.status < 200 || response.status > 299) throw refusal_of(call, response);
  co_return std::move(response.body);
}

}  // namespace bot::matrix
