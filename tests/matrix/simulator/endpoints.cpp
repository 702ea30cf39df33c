#include "tests/matrix/simulator/endpoints.hpp"

#include "net/error.hpp"
#include "tests/matrix/simulator/call.hpp"
#include "tests/matrix/simulator/event_text.hpp"
#include "tests/matrix/simulator/sessions.hpp"
#include "tests/matrix/simulator/sync.hpp"

namespace matrix::simulator {

using nlohmann::json;

namespace {

using Segments = std::vector<std::string>;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decodes only after splitting: what is between two slashes may hold a third.
std::string decoded(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_code =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    plain += is_code ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
    if (is_code) i += 2;
  }
  return plain;
}

Segments split(std::string_view path) {
  Segments segments;
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  for (;;) {
    const auto slash = path.find('/');
    segments.push_back(decoded(path.substr(0, slash)));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

struct Endpoint {
  Segments pattern;
  const Route* route;
};

const std::vector<Endpoint>& endpoints() {
  static const std::vector<Endpoint> all = [] {
    std::vector<Endpoint> made;
    for (const auto routes : {event_routes(), session_routes(), account_routes(), room_routes(),
                              media_routes(), control_routes()})
      for (const auto& route : routes) made.push_back({split(route.path), &route});
    return made;
  }();
  return all;
}

bool matches(const Segments& pattern, const Segments& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (pattern[i] == "*" ? path[i].empty() : pattern[i] != path[i]) return false;
  return true;
}

const Endpoint& find_endpoint(const std::string& method, const Segments& path) {
  bool is_known = false;
  for (const auto& endpoint : endpoints()) {
    if (!matches(endpoint.pattern, path)) continue;
    if (endpoint.route->method == method) return endpoint;
    is_known = true;
  }
  throw Refusal(is_known ? 405 : 404, "M_UNRECOGNIZED", "Unrecognized request");
}

void authorize(Call& call) {
  constexpr std::string_view bearer = "Bearer ";
  const auto header = net::find_header(call.request.headers, "Authorization").value_or("");
  if (!header.starts_with(bearer)) throw Refusal(401, "M_MISSING_TOKEN", "Missing access token");
  call.token = header.substr(bearer.size());
  call.session = authenticate(call.home, call.token);
}

std::string_view path_of(const net::HttpRequest& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

net::Target query_of(const net::HttpRequest& request) {
  const auto mark = request.target.find('?');
  if (mark == std::string::npos) return {};
  return net::parse_target("/" + request.target.substr(mark));
}

Body serve(Homeserver& home, const net::HttpRequest& request) {
  auto path = split(path_of(request));
  if (path.size() > 2 && path[0] == "_matrix" && path[2] == "r0") path[2] = "v3";
  const auto& endpoint = find_endpoint(request.method, path);
  Call call{home, request, {}, query_of(request), {}, ""};
  if (!endpoint.route->is_open) authorize(call);
  for (std::size_t i = 0; i < path.size(); ++i)
    if (endpoint.pattern[i] == "*") call.ids.push_back(std::move(path[i]));
  return endpoint.route->serve(call);
}

SyncAsk sync_ask(Homeserver& home, const net::HttpRequest& request) {
  Call call{home, request, {}, query_of(request), {}, ""};
  authorize(call);
  const auto timeout = call.find("timeout");
  if (timeout.size() > 9 || timeout.find_first_not_of("0123456789") != std::string::npos)
    throw Refusal(400, "M_INVALID_PARAM", "Query parameter 'timeout' must be an integer");
  SyncAsk ask;
  ask.session = call.session;
  ask.since = call.target.find("since");
  ask.timeout = net::Duration(timeout.empty() ? 0 : std::stol(timeout));
  ask.filter = call.find("filter");
  ask.full_state = call.find("full_state") == "true";
  return ask;
}

bool is_sync(const net::HttpRequest& request) {
  const auto path = path_of(request);
  return request.method == "GET" && (path == "/_matrix/client/v3/sync" || path == "/_matrix/client/r0/sync");
}

net::HttpResponse response(int status, std::string body, std::string type = "application/json") {
  net::HttpResponse made;
  made.status = status;
  made.headers = {{"Content-Type", std::move(type)}};
  made.body = std::move(body);
  return made;
}

net::HttpResponse refused(const Refusal& refusal) {
  json body = refusal.more;
  body["errcode"] = refusal.errcode;
  body["error"] = refusal.what();
  auto made = response(refusal.status, dumped(body));
  if (refusal.retry_after_s) made.headers.emplace_back("Retry-After", std::to_string(*refusal.retry_after_s));
  return made;
}

}  // namespace

json Call::object() const {
  if (request.body.empty()) return json::object();
  auto parsed = json::parse(request.body, nullptr, false);
  if (parsed.is_discarded()) throw Refusal(400, "M_NOT_JSON", "Content not JSON.");
  if (!parsed.is_object()) throw Refusal(400, "M_BAD_JSON", "Content must be a JSON object.");
  return parsed;
}

void Call::must_be_own(const std::string& user) const {
  if (user != session.user) throw forbidden("Cannot do this for other users");
}

Body::Body(const json& value) : text(dumped(value)) {}

std::string error_body(const std::string& errcode, const std::string& message) {
  return dumped({{"errcode", errcode}, {"error", message}});
}

net::awaitable<net::HttpResponse> answer(std::shared_ptr<Homeserver> home, const net::HttpRequest& request) {
  auto& server = *home;
  try {
    if (is_sync(request)) {
      const auto ask = sync_ask(server, request);
      auto body = co_await sync(server, ask);
      co_return response(200, std::move(body));
    }
    auto body = serve(server, request);
    co_return response(200, std::move(body.text), std::move(body.content_type));
  } catch (const Refusal& refusal) {
    co_return refused(refusal);
  } catch (const net::Error& error) {
    co_return response(400, error_body("M_UNKNOWN", error.what()));
  } catch (const json::exception&) {
    co_return response(400, error_body("M_BAD_JSON", "the body is not the JSON that this request needs"));
  }
}

}  // namespace matrix::simulator
