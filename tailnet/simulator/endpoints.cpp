#include "tailnet/simulator/endpoints.hpp"

#include <openssl/evp.h>

#include <array>

#include "net/error.hpp"

namespace tailnet::simulator {
namespace {

using nlohmann::json;

/// What an endpoint is given: `id` is what stands for the star of its path.
struct Ask {
  Registry& registry;
  std::string id;
  net::Query query;
  std::string body;
  std::string authorization;

  [[nodiscard]] json object() const {
    auto parsed = json::parse(body);
    if (!parsed.is_object()) throw Refusal(400, "the body must be a JSON object");
    return parsed;
  }
};

/// "user:password" of Basic; "" when the header is none.
std::string basic_pair(const std::string& authorization) {
  constexpr std::string_view scheme = "Basic ";
  if (!authorization.starts_with(scheme)) return "";
  const auto code = authorization.substr(scheme.size());
  std::string text(code.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(code.data()), static_cast<int>(code.size()));
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  // The decoder writes the padding as zeros.
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

json give_token(const Ask& ask) {
  net::Target form;
  form.query = net::parse_form(ask.body);
  if (form.find("grant_type").value_or("client_credentials") != "client_credentials")
    throw Refusal(400, "grant_type must be client_credentials");
  const auto basic = basic_pair(ask.authorization);
  const auto colon = basic.find(':');
  if (colon != std::string::npos)
    return ask.registry.give_token(basic.substr(0, colon), basic.substr(colon + 1));
  return ask.registry.give_token(form.find("client_id").value_or(""),
                                 form.find("client_secret").value_or(""));
}

json connect(const Ask& ask, bool connected) {
  ask.registry.set_connected(ask.object().at("id").get<std::string>(), connected);
  return json::object();
}

struct Endpoint {
  std::string_view method;
  std::string_view path;  ///< a star is one segment
  json (*serve)(const Ask&);
};

constexpr std::array<Endpoint, 14> endpoints = {{
    {"POST", "/api/v2/oauth/token", give_token},
    {"POST", "/api/v2/tailnet/-/keys", [](const Ask& ask) { return ask.registry.mint(ask.object()); }},
    {"GET", "/api/v2/tailnet/-/keys", [](const Ask& ask) { return ask.registry.list_keys(); }},
    {"GET", "/api/v2/tailnet/-/keys/*", [](const Ask& ask) { return ask.registry.show_key(ask.id); }},
    {"DELETE", "/api/v2/tailnet/-/keys/*",
     [](const Ask& ask) { return ask.registry.revoke(ask.id), json(nullptr); }},
    {"GET", "/api/v2/tailnet/-/devices", [](const Ask& ask) { return ask.registry.list_devices(ask.query); }},
    {"GET", "/api/v2/device/*", [](const Ask& ask) { return ask.registry.show_device(ask.id); }},
    {"DELETE", "/api/v2/device/*",
     [](const Ask& ask) { return ask.registry.delete_device(ask.id), json(nullptr); }},
    {"POST", "/_sim/join",
     [](const Ask& ask) {
       const auto body = ask.object();
       return ask.registry.join(body.at("key").get<std::string>(), body.at("hostname").get<std::string>());
     }},
    {"POST", "/_sim/offline", [](const Ask& ask) { return connect(ask, false); }},
    {"POST", "/_sim/online", [](const Ask& ask) { return connect(ask, true); }},
    {"POST", "/_sim/clock",
     [](const Ask& ask) {
       ask.registry.advance(std::chrono::seconds(ask.object().at("advance_s").get<long>()));
       return json::object();
     }},
    {"GET", "/_sim/keys", [](const Ask& ask) { return ask.registry.all_keys(); }},
    {"GET", "/_sim/devices", [](const Ask& ask) { return ask.registry.all_devices(); }},
}};

/// What stands for the star, "" without one; nullopt when the path is another.
std::optional<std::string> match(std::string_view pattern, const std::string& path) {
  if (!pattern.ends_with('*')) return path == pattern ? std::optional<std::string>("") : std::nullopt;
  pattern.remove_suffix(1);
  if (!path.starts_with(pattern)) return std::nullopt;
  auto id = path.substr(pattern.size());
  if (id.empty() || id.find('/') != std::string::npos) return std::nullopt;
  return id;
}

bool is_authorized(const Ask& ask) {
  constexpr std::string_view bearer = "Bearer ";
  if (ask.authorization.starts_with(bearer))
    return ask.registry.accepts(ask.authorization.substr(bearer.size()));
  const auto basic = basic_pair(ask.authorization);
  return ask.registry.accepts(basic.substr(0, basic.find(':')));
}

json serve(Registry& registry, const net::HttpRequest& request) {
  const auto target = net::parse_target(request.target);
  Ask ask{registry, "", target.query, request.body,
          net::find_header(request.headers, "Authorization").value_or("")};
  const bool is_open = target.path.starts_with("/_sim/") || target.path == "/api/v2/oauth/token";
  if (!is_open && !is_authorized(ask)) throw Refusal(401, "API token invalid");
  bool is_known = false;
  for (const auto& endpoint : endpoints) {
    const auto id = match(endpoint.path, target.path);
    if (!id) continue;
    is_known = true;
    if (endpoint.method != request.method) continue;
    ask.id = *id;
    return endpoint.serve(ask);
  }
  if (is_known) throw Refusal(405, "method not allowed");
  throw Refusal(404, "not found");
}

net::HttpResponse response(int status, std::string body) {
  net::HttpResponse made;
  made.status = status;
  made.headers = {{"Content-Type", "application/json"}};
  made.body = std::move(body);
  return made;
}

}  // namespace

std::string error_body(const std::string& message) {
  return json{{"message", message}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

net::HttpResponse answer(Registry& registry, const net::HttpRequest& request) {
  try {
    return response(200, serve(registry, request).dump(-1, ' ', false, json::error_handler_t::replace));
  } catch (const Refusal& refusal) {
    return response(refusal.status, error_body(refusal.what()));
  } catch (const net::Error& error) {
    return response(400, error_body(error.what()));
  } catch (const json::exception&) {
    return response(400, error_body("the body is not the JSON that this request needs"));
  }
}

}  // namespace tailnet::simulator
