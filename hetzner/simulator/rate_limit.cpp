#include "hetzner/simulator/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace hetzner::simulator {

bool RateLimit::take(net::Time now) {
  const std::chrono::duration<double> passed = now - at_;
  left_ = std::min(limit, left_ + std::max(0.0, passed.count()));
  at_ = now;
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

net::Headers RateLimit::headers() const {
  const auto now = std::chrono::duration<double>(at_.time_since_epoch()).count();
  return {{"RateLimit-Limit", std::to_string(static_cast<int>(limit))},
          {"RateLimit-Remaining", std::to_string(static_cast<int>(left_))},
          {"RateLimit-Reset", std::to_string(static_cast<std::int64_t>(std::ceil(now + limit - left_)))}};
}

}  // namespace hetzner::simulator
