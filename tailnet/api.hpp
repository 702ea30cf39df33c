#pragma once
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "net/client.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"
#include "tailnet/types.hpp"

namespace tailnet {

struct Options {
  std::string tag = "tag:devbox";
  std::string domain;  ///< appended to a bare name (headscale)
  std::string oauth_client_id;
  std::string oauth_client_secret;
  net::Duration timeout = std::chrono::seconds(30);  ///< one request
  net::Duration poll = std::chrono::seconds(3);      ///< looks for a machine are 1 to 5/3 of it apart
  net::Duration retry = std::chrono::seconds(1);     ///< first back-off, doubled, up to 30 of it, full jitter
  int tries = 6;                                     ///< in all, where a repetition is safe
};

/// A request and, for the error's sentence, what it is for: "make an auth key".
struct Call {
  std::string wish;
  std::string method;
  std::string target;
  std::string body = {};  ///< JSON
};

/// One request to the API: token, retry, rate limit, error. A GET or DELETE is repeated on any passing
/// failure, a POST only where nothing can have happened (not sent, 429). The OAuth access token
/// (POST /api/v2/oauth/token) is kept, renewed five minutes before its end and once after a 401; callers
/// at the same time share one renewal. Throws Error.
class Api {
 public:
  Api(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random, Options options);

  /// The answer's body, null when it has none.
  net::awaitable<nlohmann::json> send(Call call);
  /// As above, nullopt for 404.
  net::awaitable<std::optional<nlohmann::json>> find(Call call);

 private:
  struct Attempt;
  struct Renewal;
  net::awaitable<Attempt> authorized(const Call& call);
  net::awaitable<Attempt> attempts(net::HttpRequest request, bool repeatable);
  net::awaitable<Attempt> attempt(const net::HttpRequest& request);
  net::awaitable<std::string> token();
  net::awaitable<void> renew();
  [[nodiscard]] nlohmann::json body_of(const std::string& wish, const Attempt& last) const;
  [[nodiscard]] Error refusal(const std::string& wish, const Attempt& last) const;
  [[nodiscard]] std::string without_secrets(std::string words) const;

  net::Executor executor_;
  net::Client& client_;
  net::Clock& clock_;
  net::Random& random_;
  Options options_;
  std::string token_;
  Time renew_at_{};
  std::shared_ptr<Renewal> renewal_;
};

}  // namespace tailnet
