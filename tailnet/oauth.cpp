#include "tailnet/oauth.hpp"

#include <algorithm>

#include "net/url.hpp"

namespace tailnet {

using std::chrono::minutes;
using std::chrono::seconds;

/// A token request under way. Those who wait for it hold it, for it may end with its caller.
struct OAuth::Renewal {
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

OAuth::OAuth(net::Executor executor, net::Clock& clock, Attempts& attempts, const Options& options)
    : executor_(std::move(executor)),
      clock_(clock),
      attempts_(attempts),
      answers_(options),
      client_id_(options.oauth_client_id),
      client_secret_(options.oauth_client_secret) {}

void OAuth::forget(const std::string& token) {
  if (token_ == token) token_.clear();
}

net::awaitable<std::string> OAuth::token() {
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

net::awaitable<void> OAuth::renew() {
  const std::string wish = "give an access token";
  net::HttpRequest request;
  request.method = "POST";
  request.target = "/api/v2/oauth/token";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = net::encode_query(
      {{"client_id", client_id_}, {"client_secret", client_secret_}, {"grant_type", "client_credentials"}});
  const auto last = co_await attempts_.make(request, true);
  const auto body = answers_.body_of(wish, last, token_);
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

}  // namespace tailnet
