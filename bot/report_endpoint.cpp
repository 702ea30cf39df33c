#include "bot/report_endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "bot/answers.hpp"
#include "bot/report_check.hpp"

namespace bot {
namespace {

using net::HttpResponse;

constexpr long longest_wait_s = 50;
constexpr double burst = 30;
constexpr double reports_a_second = 2;

HttpResponse too_many() {
  auto response = refusal(429, "too many reports");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

/// "" = no bearer token.
std::string bearer_token(const net::HttpRequest& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = net::find_header(request.headers, "Authorization");
  return header && header->starts_with(scheme) ? header->substr(scheme.size()) : "";
}

/// How long the answer may be held; nullopt when `wait` is no number.
std::optional<net::Duration> wait_of(const net::Target& target) {
  const auto text = target.find("wait");
  if (!text) return net::Duration::zero();
  long seconds = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, failure] = std::from_chars(text->data(), end, seconds);
  if (failure == std::errc::invalid_argument || stop != end) return std::nullopt;
  if (failure == std::errc::result_out_of_range) seconds = text->starts_with('-') ? 0 : longest_wait_s;
  return std::chrono::seconds(std::clamp(seconds, 0L, longest_wait_s));
}

}  // namespace

net::awaitable<HttpResponse> ReportEndpoint::answer(const net::HttpRequest& request,
                                                    const net::Target& target) {
  const auto wait = wait_of(target);
  if (!wait) co_return refusal(400, "\"wait\" must be a number of seconds");
  const auto source = reports_.authenticate(bearer_token(request));
  if (!source) {
    ++counts_.without_token;
    co_return refusal(401, "this token is of no running workspace");
  }
  if (!is_allowed(*source)) {
    ++counts_.too_many;
    co_return too_many();
  }
  std::string bad;
  try {
    reports_.accept(*source, checked_report(request.body));
  } catch (const BadReport& error) {
    bad = error.what();
  }
  if (!bad.empty()) {
    ++counts_.unreadable;
    co_return refusal(400, bad);
  }
  ++counts_.taken;
  const auto order = co_await reports_.until_order(*source, *wait);
  co_return json_response(200, {{"do", order.verb}, {"id", order.id}});
}

double ReportEndpoint::left(const Allowance& allowance) const {
  const std::chrono::duration<double> passed = clock_.now() - allowance.at;
  return std::min(burst, allowance.left + std::max(0.0, passed.count()) * reports_a_second);
}

bool ReportEndpoint::is_allowed(const Source& source) {
  // Who has all of it again needs not be remembered.
  if (!allowances_.contains(source))
    std::erase_if(allowances_, [&](const auto& one) { return left(one.second) >= burst; });
  auto& allowance = allowances_.try_emplace(source, Allowance{burst, clock_.now()}).first->second;
  allowance = {left(allowance), clock_.now()};
  if (allowance.left < 1) return false;
  allowance.left -= 1;
  return true;
}

}  // namespace bot
