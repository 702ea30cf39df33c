#include "hetzner/simulator/respond.hpp"

#include <map>

#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/routes.hpp"
#include "hetzner/simulator/shape.hpp"
#include "net/error.hpp"
#include "net/url.hpp"

namespace hetzner::simulator {
namespace {

using net::HttpRequest;
using net::HttpResponse;
using nlohmann::json;

constexpr std::string_view root = "/v1";
constexpr int deepest = 32;  ///< of a body: whatever writes it again calls itself so often

std::string bearer_token(const HttpRequest& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = net::find_header(request.headers, "Authorization").value_or("");
  return header.starts_with(scheme) ? header.substr(scheme.size()) : "";
}

json body_of(const HttpRequest& request) {
  if (request.body.empty()) return json::object();
  bool is_too_deep = false;
  const auto look = [&](int depth, json::parse_event_t, const json&) {
    is_too_deep = is_too_deep || depth > deepest;
    return !is_too_deep;
  };
  auto body = json::parse(request.body, look, false);
  if (is_too_deep || body.is_discarded()) throw Refusal(400, "json_error", "invalid JSON");
  if (!body.is_object()) throw Refusal(400, "json_error", "root must be an object");
  return body;
}

net::Target target_of(const HttpRequest& request) {
  try {
    return net::parse_target(request.target);
  } catch (const net::Error&) {
    throw Refusal(400, "invalid_input", "the target is not a path");
  }
}

Reply answer(World& world, Project& project, bool read_only, const HttpRequest& request) {
  auto target = target_of(request);
  if (!target.path.starts_with(root)) throw not_found("page");
  const bool is_older = world.options.shape == older_shape;
  std::vector<Id> ids;
  const auto answer = route(request.method, target.path.substr(root.size()), ids, is_older);
  const bool reads = request.method == "GET";
  if (read_only && !reads) throw Refusal(403, "forbidden", "insufficient permissions for this request");
  Call call{world,         project, std::move(target.path), std::move(target.query), body_of(request),
            std::move(ids)};
  if (is_older) make_newer(world, call.path, call.body);
  auto reply = answer(call);
  if (is_older) make_older(world, reply.body);
  if (!reads) world.save();
  return reply;
}

HttpResponse refused(const Refusal& refusal) {
  return json_response(refusal.status, error_body(refusal.code, refusal.what(), refusal.details));
}

}  // namespace

HttpResponse json_response(int status, const json& body) {
  HttpResponse response;
  response.status = status;
  if (body.is_null()) return response;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

std::string fault_body(int status, const std::string& code) {
  static const std::map<int, std::string> codes{
      {401, "unauthorized"},         {403, "forbidden"},     {404, "not_found"}, {409, "conflict"},
      {412, "resource_unavailable"}, {422, "invalid_input"}, {423, "locked"},    {429, "rate_limit_exceeded"},
      {502, "bad_gateway"},          {503, "unavailable"},   {504, "timeout"}};
  const auto usual = codes.find(status);
  const auto name = !code.empty() ? code : usual != codes.end() ? usual->second : "server_error";
  return error_body(name, name == "resource_unavailable" ? "error during placement" : "simulated " + name,
                    nullptr)
      .dump();
}

HttpResponse respond(World& world, const HttpRequest& request) {
  world.settle();
  HttpResponse response;
  bool read_only = false;
  auto* project = world.find_project(bearer_token(request), read_only);
  try {
    if (!project) throw Refusal(401, "unauthorized", "unable to authenticate");
    if (!project->rate_limit.take(world.now()))
      throw Refusal(429, "rate_limit_exceeded", "limit of 3600 requests per hour reached");
    const auto reply = answer(world, *project, read_only, request);
    response = json_response(reply.status, reply.body);
    if (!reply.link.empty()) response.headers.emplace_back("Link", reply.link);
  } catch (const Refusal& refusal) {
    response = refused(refusal);
  }
  const auto limits = project ? project->rate_limit.headers() : RateLimit().headers();
  response.headers.insert(response.headers.end(), limits.begin(), limits.end());
  response.headers.emplace_back("X-Correlation-Id", world.random.hex(8));
  return response;
}

}  // namespace hetzner::simulator
