#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "hetzner/reply.hpp"
#include "net/client.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"

namespace hetzner {

struct ApiOptions {
  std::string token;
  net::Duration timeout = std::chrono::seconds(30);    ///< one request, [limits] request
  net::Duration retry = std::chrono::seconds(1);       ///< first back-off, doubled, full jitter
  net::Duration retry_cap = std::chrono::seconds(30);  ///< of back-off and of Retry-After
  net::Duration refill = std::chrono::seconds(1);      ///< least wait after a 429: one request is added
  int tries = 6;                                       ///< in all, where a retry is safe
  int trips = 5;                                       ///< failures in a row after which nothing is sent …
  net::Duration cool_down = std::chrono::seconds(30);  ///< … for so long
};

/// What is left of the project's requests (https://docs.hetzner.cloud/#rate-limiting), which every tool on
/// the same project shares.
struct Budget {
  long limit = 3600;
  long remaining = 3600;
  [[nodiscard]] bool is_low() const { return remaining < limit / 10; }
};

/// One request to the Hetzner Cloud API: token, retry, rate limit, error. A GET is repeated on any
/// passing failure; a POST or PUT only where nothing can have happened (not connected, 429, 423 locked,
/// 409 conflict), else it throws OutcomeUnknown. A DELETE is repeated after an unknown outcome, too: the
/// second answers 404 when the first has happened. After a 429 it waits for one request's worth of the
/// limit (or Retry-After), not until RateLimit-Reset, when the whole hour's worth is back. After `trips`
/// failures in a row (no answer, 5xx, an answer that is none) a new request waits for the cool-down before it
/// is sent, so that a service in trouble is not asked by everybody at once.
/// Throws ApiError; OutcomeUnknown; Unavailable when a GET's tries are used up or nothing could be sent.
class Api {
 public:
  Api(net::Client& client, net::Clock& clock, net::Random& random, ApiOptions options);

  net::awaitable<nlohmann::json> get(std::string path, net::Query query = {});
  net::awaitable<nlohmann::json> post(std::string path, nlohmann::json body);
  net::awaitable<nlohmann::json> put(std::string path, nlohmann::json body);
  /// Null for 204. ApiError not_found when it is gone, also when an earlier try of this call did it.
  net::awaitable<nlohmann::json> remove(std::string path);
  /// All pages of a list (per_page=50), the elements under `key`.
  net::awaitable<nlohmann::json> list(std::string path, std::string key, net::Query query = {});

  /// By the last answer's headers, and one request a second since.
  [[nodiscard]] Budget budget() const;
  /// Since when nothing has been answered, while new requests wait for the cool-down; nullopt when all is
  /// well.
  [[nodiscard]] std::optional<net::Time> silent_since() const;
  /// Requests sent so far, repeats counted.
  [[nodiscard]] long sent() const { return sent_; }

 private:
  net::awaitable<nlohmann::json> request(std::string method, std::string target, std::string body);
  net::awaitable<Reply> ask(const net::HttpRequest& request);
  [[nodiscard]] net::HttpRequest request_for(std::string method, std::string target, std::string body) const;
  net::awaitable<void> until_cooled_down();
  void note_headers(const net::HttpResponse& response, const Reply& reply);
  void note_health(const Reply& reply);
  [[nodiscard]] std::string without_token(std::string text) const;
  net::Client& client_;
  net::Clock& clock_;
  net::Random& random_;
  ApiOptions options_;
  Budget budget_;
  net::Time budget_at_;
  long sent_ = 0;
  int failures_ = 0;  ///< in a row
  net::Time failing_since_;
  net::Time failed_at_;
};

}  // namespace hetzner
