#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "commands/reports.hpp"
#include "net/server.hpp"

namespace bot {

/// The endpoint workspaces talk to (DESIGN, Report): POST /v1/report?wait=N and GET /healthz. What a
/// workspace may cost us is bounded before its body is parsed: size, token, then its own rate.
class ReportsServer {
 public:
  /// Throws net::Error when it cannot listen.
  ReportsServer(net::Executor executor, net::Clock& clock, commands::Reports& reports,
                const std::string& listen);

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  using Source = commands::Reports::Source;
  /// 2 reports a second, 30 at once.
  struct Allowance {
    double left = 0;
    net::Time at;
  };

  net::awaitable<net::HttpResponse> answer(const net::HttpRequest& request);
  net::awaitable<net::HttpResponse> take_report(const net::HttpRequest& request, net::Duration wait);
  bool is_allowed(const Source& source);

  net::Clock& clock_;
  commands::Reports& reports_;
  std::map<Source, Allowance> allowances_;
  net::Server server_;
};

}  // namespace bot
