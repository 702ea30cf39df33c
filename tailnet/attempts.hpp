#pragma once
#include <optional>
#include <string>

#include "net/client.hpp"
#include "net/random.hpp"
#include "tailnet/options.hpp"

namespace tailnet {

/// How one request ended: `response`, or `why` there is none.
struct Attempt {
  std::optional<net::HttpResponse> response;
  std::string why;
  bool sent = true;

  [[nodiscard]] int status() const { return response ? response->status : 0; }
  [[nodiscard]] bool succeeded() const { return status() >= 200 && status() < 300; }
  [[nodiscard]] bool had_no_effect() const { return !sent || status() == 429; }
  [[nodiscard]] bool may_pass() const { return had_no_effect() || !response || status() >= 500; }
};

/// A request, sent again where that is safe: a repeatable one on any passing failure, any other only where
/// nothing can have happened (not sent, 429, whose Retry-After is obeyed).
class Attempts {
 public:
  Attempts(net::Client& client, net::Clock& clock, net::Random& random, const Options& options);

  /// How the last one ended.
  net::awaitable<Attempt> make(net::HttpRequest request, bool is_repeatable);

 private:
  net::awaitable<Attempt> once(const net::HttpRequest& request);

  net::Client& client_;
  net::Clock& clock_;
  net::Random& random_;
  Options options_;
};

}  // namespace tailnet
