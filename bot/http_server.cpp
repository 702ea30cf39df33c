#include "bot/http_server.hpp"

#include <algorithm>
#include <optional>

#include "bot/answers.hpp"
#include "net/error.hpp"

namespace bot {
namespace {

using net::HttpResponse;

/// The largest body is a report's.
constexpr std::size_t largest_body = 16 * 1024;

net::ServerOptions options() {
  net::ServerOptions options;
  options.body_limit = largest_body;
  return options;
}

std::optional<net::Target> target_of(const net::HttpRequest& request) {
  try {
    return net::parse_target(request.target);
  } catch (const net::Error&) {
    return std::nullopt;
  }
}

HttpResponse wrong_method(const std::string& allowed) {
  auto response = refusal(405, "use " + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

net::awaitable<HttpResponse> ready(HttpResponse response) { co_return response; }

}  // namespace

Route page(std::string path, std::function<HttpResponse()> answer) {
  const auto at_once = [answer = std::move(answer)](const auto&, const auto&) { return ready(answer()); };
  return {"GET", std::move(path), at_once};
}

HttpServer::HttpServer(net::Executor executor, const std::string& listen, std::vector<Route> routes)
    : routes_(std::move(routes)),
      server_(
          executor, listen, [this](const net::HttpRequest& request) { return answer(request); }, options()) {}

net::awaitable<HttpResponse> HttpServer::answer(const net::HttpRequest& request) {
  const auto target = target_of(request);
  if (!target) co_return refusal(400, "the target is not a path");
  const auto route = std::find_if(routes_.begin(), routes_.end(),
                                  [&](const Route& one) { return one.path == target->path; });
  if (route == routes_.end()) co_return refusal(404, "there is nothing here");
  if (route->method != request.method) co_return wrong_method(route->method);
  co_return co_await route->answer(request, *target);
}

}  // namespace bot
