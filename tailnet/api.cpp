#include "tailnet/api.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "net/backoff.hpp"
#include "net/error.hpp"
#include "net/url.hpp"

namespace tailnet {
namespace {

using nlohmann::json;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t longest_words = 300;

/// Zero without a number of seconds in Retry-After; at most an hour.
net::Duration retry_after(const net::HttpResponse& response) {
  const auto header = net::find_header(response.headers, "Retry-After");
  unsigned asked = 0;
  if (header) std::from_chars(header->data(), header->data() + header->size(), asked);
  return std::min(seconds(asked), seconds(3600));
}

/// The API's own sentence: {"message"}, or OAuth's {"error", "error_description"}.
std::string words_of(const net::HttpResponse& response) {
  const auto body = json::parse(response.body, nullptr, false);
  for (const auto* field : {"message", "error_description", "error"})
    if (body.is_object() && body.contains(field) && body[field].is_string() && body[field] != "")
      return body[field].get<std::string>();
  return "HTTP " + std::to_string(response.status);
}

std::string advice(int status, const std::string& words) {
  if (status == 401) return "; check the OAuth client's id and secret";
  if (status == 403) return "; the OAuth client needs the scopes auth_keys and devices:core";
  if (words.find("requested tags") != std::string::npos)
    return "; the tag must stand in the policy's tagOwners and belong to the OAuth client";
  return "";
}

void replace_all(std::string& text, const std::string& secret) {
  if (secret.empty()) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "…");
}

}  // namespace

/// How one request ended: `response`, or `why` there is none.
struct Api::Attempt {
  std::optional<net::HttpResponse> response;
  std::string why;
  bool sent = true;

  [[nodiscard]] int status() const { return response ? response->status : 0; }
  [[nodiscard]] bool succeeded() const { return status() >= 200 && status() < 300; }
  [[nodiscard]] bool had_no_effect() const { return !sent || status() == 429; }
  [[nodiscard]] bool may_pass() const { return had_no_effect() || !response || status() >= 500; }
};

/// A token request under way. Those who wait for it hold it, for it may end with its caller.
struct Api::Renewal {
  explicit Renewal(const net::Executor& executor) : ended(executor) {}
  net::Signal ended;
  bool is_over = false;
  std::exception_ptr failure;

  struct End {
    std::shared_ptr<Renewal> renewal;
    explicit End(std::shared_ptr<Renewal> which) : renewal(std::move(which)) {}
    ~End() {
      renewal->is_over = true;
      renewal->ended.notify();
    }
    End(const End&) = delete;
    End& operator=(const End&) = delete;
  };
};

Api::Api(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random, Options options)
    : executor_(std::move(executor)),
      client_(client),
      clock_(clock),
      random_(random),
      options_(std::move(options)) {}

net::awaitable<json> Api::send(Call call) {
  const auto last = co_await authorized(call);
  co_return body_of(call.wish, last);
}

net::awaitable<std::optional<json>> Api::find(Call call) {
  const auto last = co_await authorized(call);
  if (last.status() == 404) co_return std::nullopt;
  co_return body_of(call.wish, last);
}

net::awaitable<Api::Attempt> Api::authorized(const Call& call) {
  net::HttpRequest request;
  request.method = call.method;
  request.target = call.target;
  request.body = call.body;
  const bool is_repeatable = call.method != "POST";
  for (bool is_renewed = false;; is_renewed = true) {
    const auto bearer = co_await token();
    request.headers = {{"Authorization", "Bearer " + bearer}, {"Accept", "application/json"}};
    if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    auto last = co_await attempts(request, is_repeatable);
    if (last.status() != 401 || is_renewed) co_return last;
    if (token_ == bearer) token_.clear();
  }
}

net::awaitable<Api::Attempt> Api::attempts(net::HttpRequest request, bool repeatable) {
  net::Backoff backoff(random_, options_.retry, 30 * options_.retry);
  for (int made = 1;; ++made) {
    auto last = co_await attempt(request);
    const bool is_safe = repeatable ? last.may_pass() : last.had_no_effect();
    if (!is_safe || made >= options_.tries) co_return last;
    auto pause = backoff.next();
    if (last.status() == 429) pause += retry_after(*last.response);
    co_await clock_.sleep_for(pause);
  }
}

net::awaitable<Api::Attempt> Api::attempt(const net::HttpRequest& request) {
  Attempt made;
  try {
    auto response = co_await client_.fetch(request, options_.timeout);
    made.response = std::move(response);
  } catch (const net::NotSent& error) {
    made.sent = false;
    made.why = error.what();
  } catch (const net::NoAnswer& error) {
    made.why = error.what();
  }
  co_return made;
}

net::awaitable<std::string> Api::token() {
  while (token_.empty() || clock_.now() >= renew_at_) {
    const auto running = renewal_;
    if (running && !running->is_over) {
      while (!running->is_over) co_await running->ended.wait();
      if (running->failure) std::rethrow_exception(running->failure);
      continue;
    }
    const auto renewal = std::make_shared<Renewal>(executor_);
    renewal_ = renewal;
    const Renewal::End end(renewal);
    try {
      co_await renew();
    } catch (const Error&) {
      renewal->failure = std::current_exception();
      throw;
    }
  }
  co_return token_;
}

net::awaitable<void> Api::renew() {
  const std::string wish = "give an access token";
  net::HttpRequest request;
  request.method = "POST";
  request.target = "/api/v2/oauth/token";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = net::encode_query({{"client_id", options_.oauth_client_id},
                                    {"client_secret", options_.oauth_client_secret},
                                    {"grant_type", "client_credentials"}});
  const auto last = co_await attempts(request, true);
  const auto body = body_of(wish, last);
  const auto found = body.is_object() ? body.find("access_token") : body.end();
  if (found == body.end() || !found->is_string())
    throw Error(last.status(), "Tailscale was asked to " + wish + ": its answer holds none");
  token_ = found->get<std::string>();
  const auto expires_in = body.find("expires_in");
  const auto life =
      seconds(expires_in != body.end() && expires_in->is_number() ? expires_in->get<int>() : 3600);
  renew_at_ = clock_.now() + std::max<net::Duration>(life - minutes(5), life / 2);
  renew_at_ = std::max(renew_at_, clock_.now() + seconds(1));
}

json Api::body_of(const std::string& wish, const Attempt& last) const {
  if (!last.succeeded()) throw refusal(wish, last);
  if (last.response->body.empty()) return nullptr;
  auto body = json::parse(last.response->body, nullptr, false);
  if (body.is_discarded())
    throw Error(last.status(), "Tailscale was asked to " + wish + ": its answer is not JSON");
  return body;
}

Error Api::refusal(const std::string& wish, const Attempt& last) const {
  if (!last.response)
    return Error(0, (last.sent ? "Tailscale was asked to " : "Tailscale cannot be asked to ") + wish + ": " +
                        last.why);
  const auto words = without_secrets(words_of(*last.response));
  const auto* verb = last.status() >= 500 ? "Tailscale failed to " : "Tailscale refused to ";
  return Error(last.status(), verb + wish + ": " + words + advice(last.status(), words));
}

/// An API may repeat to us what we sent, and its words reach a chat room.
std::string Api::without_secrets(std::string words) const {
  replace_all(words, options_.oauth_client_secret);
  replace_all(words, token_);
  const std::string prefix = "tskey-";
  for (auto at = words.find(prefix); at != std::string::npos; at = words.find(prefix, at + prefix.size())) {
    auto end = at + prefix.size();
    while (end < words.size() && (std::isalnum(static_cast<unsigned char>(words[end])) || words[end] == '-'))
      ++end;
    words.replace(at, end - at, prefix + "…");
  }
  if (words.size() <= longest_words) return words;
  auto end = longest_words;
  while ((static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
  return words.substr(0, end) + "…";
}

}  // namespace tailnet
