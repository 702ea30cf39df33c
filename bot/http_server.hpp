#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "net/server.hpp"
#include "net/url.hpp"

namespace bot {

/// One thing the HTTP endpoint answers.
struct Route {
  std::string method;
  std::string path;
  std::function<net::awaitable<net::HttpResponse>(const net::HttpRequest&, const net::Target&)> answer;
};
/// GET, answered at once.
Route page(std::string path, std::function<net::HttpResponse()> answer);

/// The program's HTTP endpoint, on a loopback or tailnet address ([http] listen). Workspaces report to it and
/// may read all the rest, too: nothing private is answered without a token.
class HttpServer {
 public:
  /// Throws net::Error when it cannot listen.
  HttpServer(net::Executor executor, const std::string& listen, std::vector<Route> routes);

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  net::awaitable<net::HttpResponse> answer(const net::HttpRequest& request);

  std::vector<Route> routes_;
  net::Server server_;
};

}  // namespace bot
