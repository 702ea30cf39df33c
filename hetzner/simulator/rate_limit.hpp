#pragma once
#include "net/clock.hpp"
#include "net/http.hpp"

namespace hetzner::simulator {

/// The token bucket of a project: 3600 requests, one more each second, on the real clock.
class RateLimit {
 public:
  /// Takes one request; false when there is none left.
  bool take(net::Time now);
  /// RateLimit-Limit, -Remaining and -Reset (the unix second at which the bucket is full again).
  [[nodiscard]] net::Headers headers() const;

 private:
  static constexpr double limit = 3600;
  double left_ = limit;
  net::Time at_;
};

}  // namespace hetzner::simulator
