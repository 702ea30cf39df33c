#include "tailnet/attempts.hpp"

#include <algorithm>
#include <charconv>

#include "net/backoff.hpp"
#include "net/error.hpp"

namespace tailnet {
namespace {

using std::chrono::seconds;

/// Zero without a number of seconds in Retry-After; at most an hour.
net::Duration retry_after(const net::HttpResponse& response) {
  const auto header = net::find_header(response.headers, "Retry-After");
  unsigned asked = 0;
  if (header) std::from_chars(header->data(), header->data() + header->size(), asked);
  return std::min(seconds(asked), seconds(3600));
}

/// headscale before 0.30 says 500 of much that is not there: "user not found", "record not found".
bool means_missing(const net::HttpResponse& response) {
  return response.status == 500 && response.body.find("not found") != std::string::npos;
}

}  // namespace

Attempts::Attempts(net::Client& client, net::Clock& clock, net::Random& random, const Options& options)
    : client_(client), clock_(clock), random_(random), options_(options) {}

net::awaitable<Attempt> Attempts::make(net::HttpRequest request, bool is_repeatable) {
  net::Backoff backoff(random_, options_.retry, 30 * options_.retry);
  for (int made = 1;; ++made) {
    auto last = co_await once(request);
    const bool is_safe = is_repeatable ? last.may_pass() : last.had_no_effect();
    if (!is_safe || made >= options_.tries) co_return last;
    auto pause = backoff.next();
    if (last.status() == 429) pause += retry_after(*last.response);
    co_await clock_.sleep_for(pause);
    ++client_.tally().repeated;
  }
}

net::awaitable<Attempt> Attempts::once(const net::HttpRequest& request) {
  Attempt made;
  try {
    auto response = co_await client_.fetch(request, options_.timeout);
    if (options_.kind == Kind::headscale && means_missing(response)) response.status = 404;
    made.response = std::move(response);
  } catch (const net::NotSent& error) {
    made.sent = false;
    made.why = error.what();
  } catch (const net::NoAnswer& error) {
    made.why = error.what();
  }
  co_return made;
}

}  // namespace tailnet
