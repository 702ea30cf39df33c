#include "hetzner/api.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

#include "hetzner/reading.hpp"
#include "net/backoff.hpp"
#include "net/error.hpp"

namespace hetzner {
namespace {

using nlohmann::json;
using Kind = Reply::Kind;

std::string with_query(std::string path, const net::Query& query) {
  if (!query.empty()) path += "?" + net::encode_query(query);
  return path;
}

/// Names and labels come from people: a byte that is no UTF-8 must not stop the request.
std::string text_of(const json& body) { return body.dump(-1, ' ', false, json::error_handler_t::replace); }

/// "GET /servers"; the query, which may hold names, stays out of sentences.
std::string shown(const net::HttpRequest& request) {
  return request.method + " " + request.target.substr(0, request.target.find('?'));
}

/// Whether what may have happened may happen again.
bool is_idempotent(const std::string& method) { return method == "GET" || method == "DELETE"; }

/// The end of a request that was not answered well, with `tries` made.
[[noreturn]] void fail(const net::HttpRequest& request, const Reply& reply, int tries,
                       bool may_have_happened) {
  if (reply.kind == Kind::refused) throw ApiError(*reply.error);
  const auto asked = fmt::format("{}, {} {}", shown(request), tries, tries == 1 ? "try" : "tries");
  if (request.method == "GET")
    throw Unavailable(
        fmt::format("Hetzner Cloud gives no answer ({}): {}. Try again later.", asked, reply.why));
  if (may_have_happened)
    throw OutcomeUnknown(
        fmt::format("Hetzner Cloud may or may not have done what was asked ({}): {}.", asked, reply.why));
  if (reply.error) throw ApiError(*reply.error);
  throw Unavailable(fmt::format("Hetzner Cloud was not asked ({}): {}. Try again later.", asked, reply.why));
}

}  // namespace

Api::Api(net::Client& client, net::Clock& clock, net::Random& random, ApiOptions options)
    : client_(client), clock_(clock), random_(random), options_(std::move(options)) {}

net::awaitable<json> Api::get(std::string path, net::Query query) {
  return request("GET", with_query(std::move(path), query), "");
}
net::awaitable<json> Api::post(std::string path, json body) {
  return request("POST", std::move(path), text_of(body));
}
net::awaitable<json> Api::put(std::string path, json body) {
  return request("PUT", std::move(path), text_of(body));
}
net::awaitable<json> Api::remove(std::string path) { return request("DELETE", std::move(path), ""); }

net::awaitable<json> Api::list(std::string path, std::string key, net::Query query) {
  query.emplace_back("per_page", "50");
  json all = json::array();
  for (std::int64_t page = 1;;) {
    auto paged = query;
    if (page > 1) paged.emplace_back("page", std::to_string(page));
    const auto answer = co_await get(path, paged);
    const auto& elements = reading::required(answer, key);
    if (!elements.is_array()) reading::unreadable(key, "a list");
    all.insert(all.end(), elements.begin(), elements.end());
    const auto* meta = reading::find(answer, "meta");
    const auto* pagination = meta ? reading::find(*meta, "pagination") : nullptr;
    const auto next = pagination ? reading::find_integer(*pagination, "next_page") : std::nullopt;
    if (!next || *next <= page) co_return all;
    page = *next;
  }
}

net::awaitable<json> Api::request(std::string method, std::string target, std::string body) {
  const auto request = request_for(std::move(method), std::move(target), std::move(body));
  net::Backoff backoff(random_, options_.retry, options_.retry_cap);
  bool may_have_happened = false;
  co_await until_cooled_down();
  for (int tries = 1;; ++tries) {
    auto reply = co_await ask(request);
    if (reply.kind == Kind::good) co_return std::move(reply.body);
    may_have_happened |= reply.kind == Kind::unknown;
    const bool repeats =
        reply.kind == Kind::again || (reply.kind == Kind::unknown && is_idempotent(request.method));
    if (!repeats || tries >= options_.tries) fail(request, reply, tries, may_have_happened);
    const auto pause = std::min(reply.wait, options_.retry_cap) + backoff.next();
    spdlog::warn("hetzner: {}: {}; again in {} ms", shown(request), reply.why, pause.count());
    co_await clock_.sleep_for(pause);
    ++client_.tally().repeated;
  }
}

/// Whoever wakes first tries; the others look again after it.
net::awaitable<void> Api::until_cooled_down() {
  while (silent_since()) {
    const auto rest = failed_at_ + options_.cool_down - clock_.now();
    const auto spread = static_cast<std::uint64_t>(options_.cool_down.count() / 4 + 1);
    const net::Duration pause = rest + net::Duration(random_.below(spread));
    co_await clock_.sleep_for(pause);
  }
}

std::optional<net::Time> Api::silent_since() const {
  const bool is_tripped = failures_ >= options_.trips && clock_.now() < failed_at_ + options_.cool_down;
  return is_tripped ? std::optional(failing_since_) : std::nullopt;
}

Budget Api::budget() const {
  auto budget = budget_;
  const auto since = std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - budget_at_).count();
  budget.remaining = std::min<long>(budget.limit, budget.remaining + std::max<long>(0, since));
  return budget;
}

net::HttpRequest Api::request_for(std::string method, std::string target, std::string body) const {
  net::HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers.emplace_back("Authorization", "Bearer " + options_.token);
  request.headers.emplace_back("Accept", "application/json");
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

net::awaitable<Reply> Api::ask(const net::HttpRequest& request) {
  Reply reply;
  ++sent_;
  try {
    auto response = co_await client_.fetch(request, options_.timeout);
    if (response.status >= 300) response.body = without_token(std::move(response.body));
    reply = reply_of(response);
    if (response.status == 429) reply.wait = std::max(reply.wait, options_.refill);
    note_headers(response, reply);
  } catch (const net::NotSent& error) {
    reply.kind = Kind::again;
    reply.why = error.what();
  } catch (const net::NoAnswer& error) {
    reply.kind = Kind::unknown;
    reply.why = error.what();
  }
  note_health(reply);
  co_return reply;
}

void Api::note_headers(const net::HttpResponse& response, const Reply& reply) {
  const auto read = [&](const char* name, long& value) {
    const auto text = net::find_header(response.headers, name);
    if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  };
  read("RateLimit-Limit", budget_.limit);
  read("RateLimit-Remaining", budget_.remaining);
  budget_at_ = clock_.now();
  if (reply.kind == Kind::good) return;
  const auto correlation = net::find_header(response.headers, "X-Correlation-Id");
  spdlog::info("hetzner: {} (correlation id {})", reply.why, correlation.value_or("none"));
}

void Api::note_health(const Reply& reply) {
  const bool has_answered = reply.kind == Kind::good || reply.error.has_value();
  const bool is_well = has_answered && reply.kind != Kind::unknown;
  if (is_well) {
    failures_ = 0;
    return;
  }
  if (failures_++ == 0) failing_since_ = clock_.now();
  failed_at_ = clock_.now();
}

/// Whoever answers in Hetzner's place may send our request back; its text goes to logs and to people.
std::string Api::without_token(std::string text) const {
  if (options_.token.empty()) return text;
  for (auto at = text.find(options_.token); at != std::string::npos; at = text.find(options_.token, at))
    text.replace(at, options_.token.size(), "…");
  return text;
}

}  // namespace hetzner
