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
};

/// One request to the Hetzner Cloud API: token, retry, rate limit, error. A GET is repeated on any
/// passing failure; a POST or PUT only where nothing can have happened (not connected, 429, 423 locked,
/// 409 conflict), else it throws OutcomeUnknown. A DELETE is repeated after an unknown outcome, too: the
/// second answers 404 when the first has happened. After a 429 it waits for one request's worth of the
/// limit (or Retry-After), not until RateLimit-Reset, when the whole hour's worth is back.
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

  /// From the last RateLimit-Remaining header; -1 before the first answer.
  [[nodiscard]] long remaining() const { return remaining_; }

 private:
  net::awaitable<nlohmann::json> request(std::string method, std::string target, std::string body);
  net::awaitable<Reply> ask(const net::HttpRequest& request);
  [[nodiscard]] net::HttpRequest request_for(std::string method, std::string target, std::string body) const;
  void note_headers(const net::HttpResponse& response, const Reply& reply);
  [[nodiscard]] std::string without_token(std::string text) const;
  net::Client& client_;
  net::Clock& clock_;
  net::Random& random_;
  ApiOptions options_;
  long remaining_ = -1;
};

}  // namespace hetzner
