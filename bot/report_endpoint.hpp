#pragma once
#include <cstdint>
#include <map>

#include "commands/reports.hpp"
#include "net/http.hpp"
#include "net/url.hpp"

namespace bot {

/// Where workspaces report (DESIGN, Report): POST /v1/report?wait=N. What a workspace may cost us is bounded
/// before its body is parsed: size, token, then its own rate.
class ReportEndpoint {
 public:
  /// Reports since the process started, by what became of them.
  struct Counts {
    std::uint64_t taken = 0;
    std::uint64_t without_token = 0;
    std::uint64_t too_many = 0;
    std::uint64_t unreadable = 0;
  };

  ReportEndpoint(net::Clock& clock, commands::Reports& reports) : clock_(clock), reports_(reports) {}

  net::awaitable<net::HttpResponse> answer(const net::HttpRequest& request, const net::Target& target);
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Sources whose allowance is not whole.
  [[nodiscard]] std::size_t remembered() const { return allowances_.size(); }

 private:
  using Source = commands::Reports::Source;
  /// 2 reports a second, 30 at once.
  struct Allowance {
    double left = 0;
    net::Time at;
  };

  bool is_allowed(const Source& source);
  [[nodiscard]] double left(const Allowance& allowance) const;

  net::Clock& clock_;
  commands::Reports& reports_;
  std::map<Source, Allowance> allowances_;
  Counts counts_;
};

}  // namespace bot
