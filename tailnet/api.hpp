#pragma once
#include <optional>
#include <string>

#include "tailnet/oauth.hpp"

namespace tailnet {

/// A request and, for the error's sentence, what it is for: "make an auth key".
struct Call {
  std::string wish;
  std::string method;
  std::string target;
  std::string body = {};      ///< JSON
  bool is_idempotent = true;  ///< may be repeated when nobody knows whether it had an effect
};

/// One request to the API: token, retry, rate limit, error. What may be repeated is, on any passing failure,
/// the rest only where nothing can have happened. At Tailscale the token is renewed once after a 401; at
/// headscale it is the API key. Throws Error.
class Api {
 public:
  Api(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random, Options options);
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// The answer's body, null when it has none.
  net::awaitable<nlohmann::json> send(Call call);
  /// As above, nullopt for 404.
  net::awaitable<std::optional<nlohmann::json>> find(Call call);

 private:
  /// How a call ended, and the token it carried, which its answer may repeat.
  struct Ended {
    Attempt last;
    std::string token;
  };
  net::awaitable<Ended> authorized(const Call& call);
  net::awaitable<std::string> token();

  Options options_;
  Attempts attempts_;
  OAuth oauth_;
  Answers answers_;
};

}  // namespace tailnet
