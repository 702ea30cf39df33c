#include "tailnet/simulator/endpoints.hpp"

#include <openssl/evp.h>

#include "net/error.hpp"
#include "tailnet/simulator/ask.hpp"

namespace tailnet::simulator {

using nlohmann::json;

json Ask::object() const {
  auto parsed = json::parse(body);
  if (!parsed.is_object()) throw Refusal(400, "the body must be a JSON object");
  return parsed;
}

std::string Ask::parameter(std::string_view name) const {
  for (const auto& pair : query)
    if (pair.first == name) return pair.second;
  return "";
}

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

namespace {

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
  if (ask.registry.is_headscale()) return false;
  const auto basic = basic_pair(ask.authorization);
  return ask.registry.accepts(basic.substr(0, basic.find(':')));
}

json serve(Registry& registry, const net::HttpRequest& request) {
  const auto target = net::parse_target(request.target);
  Ask ask{registry, "", target.query, request.body,
          net::find_header(request.headers, "Authorization").value_or("")};
  const bool is_control = target.path.starts_with("/_sim/");
  const bool is_open = is_control || (!registry.is_headscale() && target.path == "/api/v2/oauth/token");
  if (!is_open && !is_authorized(ask))
    throw Refusal(401, registry.is_headscale() ? "Unauthorized" : "API token invalid");
  const auto endpoints = is_control                ? control_endpoints()
                         : registry.is_headscale() ? headscale_endpoints()
                                                   : tailscale_endpoints();
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

/// gRPC's number of an HTTP status, as grpc-gateway translates it.
int grpc_code(int status) {
  if (status == 400) return 3;
  if (status == 403) return 7;
  if (status == 404) return 5;
  if (status == 429) return 8;
  return status == 503 ? 14 : 2;
}

net::HttpResponse response(int status, std::string body) {
  net::HttpResponse made;
  made.status = status;
  made.headers = {{"Content-Type", body.starts_with('{') || body.starts_with('[') || body == "null"
                                       ? "application/json"
                                       : "text/plain"}};
  made.body = std::move(body);
  return made;
}

}  // namespace

std::string error_body(bool is_headscale, int status, const std::string& message) {
  if (is_headscale && status == 401) return message;
  json body = {{"message", message}};
  if (is_headscale) body = {{"code", grpc_code(status)}, {"message", message}, {"details", json::array()}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

net::HttpResponse answer(Registry& registry, const net::HttpRequest& request) {
  const auto refuse = [&](int status, const std::string& why) {
    return response(status, error_body(registry.is_headscale(), status, why));
  };
  try {
    return response(200, serve(registry, request).dump(-1, ' ', false, json::error_handler_t::replace));
  } catch (const Refusal& refusal) {
    return refuse(refusal.status, refusal.what());
  } catch (const net::Error& error) {
    return refuse(400, error.what());
  } catch (const std::invalid_argument& error) {
    return refuse(400, error.what());
  } catch (const json::exception&) {
    return refuse(400, "the body is not the JSON that this request needs");
  }
}

}  // namespace tailnet::simulator
