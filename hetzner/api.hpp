#pragma once
#include <string>

#include <nlohmann/json.hpp>

#include "net/client.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"

namespace hetzner {

struct ApiOptions {
  std::string token;
  net::Duration timeout = std::chrono::seconds(30);    ///< one request, [limits] request
  net::Duration retry = std::chrono::seconds(1);       ///< first back-off, doubled, full jitter
  net::Duration retry_cap = std::chrono::seconds(30);
  int tries = 6;                                       ///< in all, where a retry is safe
};

/// One request to the Hetzner Cloud API: token, retry, rate limit, error. A GET is repeated on any
/// passing failure; a POST, PUT or DELETE only where nothing can have happened (not connected, 429,
/// 423 locked, 409 conflict), else it throws OutcomeUnknown.
/// Throws ApiError, OutcomeUnknown, Unavailable.
class Api {
 public:
  Api(net::Client& client, net::Clock& clock, net::Random& random, ApiOptions options);

  net::awaitable<nlohmann::json> get(std::string path, net::Query query = {});
  net::awaitable<nlohmann::json> post(std::string path, nlohmann::json body);
  net::awaitable<nlohmann::json> put(std::string path, nlohmann::json body);
  net::awaitable<nlohmann::json> remove(std::string path);  ///< null for 204
  /// All pages of a list (per_page=50), the elements under `key`.
  net::awaitable<nlohmann::json> list(std::string path, std::string key, net::Query query = {});

  /// From the last RateLimit-Remaining header; -1 before the first answer.
  [[nodiscard]] long remaining() const { return remaining_; }

 private:
  struct Attempt;
  net::awaitable<nlohmann::json> request(std::string method, std::string target, std::string body);
  net::Client& client_;
  net::Clock& clock_;
  net::Random& random_;
  ApiOptions options_;
  long remaining_ = -1;
};

}  // namespace hetzner
