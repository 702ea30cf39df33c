#include "bot/reports_server.hpp"

#include <algorithm>
#include <charconv>

#include "bot/report_check.hpp"
#include "net/error.hpp"
#include "net/url.hpp"

namespace bot {
namespace {

using net::HttpResponse;

constexpr std::size_t largest_body = 16 * 1024;
constexpr long longest_wait_s = 50;
constexpr double burst = 30;
constexpr double reports_a_second = 2;

HttpResponse json_response(int status, const nlohmann::json& body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

HttpResponse refusal(int status, const std::string& why) { return json_response(status, {{"error", why}}); }

HttpResponse wrong_method(const std::string& allowed) {
  auto response = refusal(405, "use " + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

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

std::optional<net::Target> target_of(const net::HttpRequest& request) {
  try {
    return net::parse_target(request.target);
  } catch (const net::Error&) {
    return std::nullopt;
  }
}

net::ServerOptions options() {
  net::ServerOptions options;
  options.body_limit = largest_body;
  return options;
}

}  // namespace

ReportsServer::ReportsServer(net::Executor executor, net::Clock& clock, commands::Reports& reports,
                             const std::string& listen)
    : clock_(clock),
      reports_(reports),
      server_(
          executor, listen, [this](const net::HttpRequest& request) { return answer(request); }, options()) {}

net::awaitable<HttpResponse> ReportsServer::answer(const net::HttpRequest& request) {
  const auto target = target_of(request);
  if (!target) co_return refusal(400, "the target is not a path");
  if (target->path == "/healthz") {
    if (request.method != "GET") co_return wrong_method("GET");
    co_return json_response(200, {{"status", "ok"}});
  }
  if (target->path != "/v1/report") co_return refusal(404, "there is nothing here");
  if (request.method != "POST") co_return wrong_method("POST");
  const auto wait = wait_of(*target);
  if (!wait) co_return refusal(400, "\"wait\" must be a number of seconds");
  co_return co_await take_report(request, *wait);
}

net::awaitable<HttpResponse> ReportsServer::take_report(const net::HttpRequest& request, net::Duration wait) {
  const auto token = bearer_token(request);
  const auto source = reports_.authenticate(token);
  if (!source) co_return refusal(401, "this token is of no running workspace");
  if (!is_allowed(*source)) co_return too_many();
  std::string bad;
  try {
    reports_.accept(*source, checked_report(request.body));
  } catch (const BadReport& error) {
    bad = error.what();
  }
  if (!bad.empty()) co_return refusal(400, bad);
  const auto order = co_await reports_.until_order(*source, wait);
  co_return json_response(200, {{"do", order.verb}, {"id", order.id}});
}

bool ReportsServer::is_allowed(const Source& source) {
  const auto now = clock_.now();
  const auto [at, is_new] = allowances_.try_emplace(source, Allowance{burst, now});
  auto& allowance = at->second;
  const std::chrono::duration<double> passed = now - allowance.at;
  allowance.left = std::min(burst, allowance.left + std::max(0.0, passed.count()) * reports_a_second);
  allowance.at = now;
  if (allowance.left < 1) return false;
  allowance.left -= 1;
  return true;
}

}  // namespace bot
