#pragma once
#include "net/clock.hpp"
#include "net/random.hpp"

namespace net {

/// Exponential backoff with full jitter: the n-th wait is uniform in [0, min(cap, base × 2^n)].
class Backoff {
 public:
  Backoff(Random& random, Duration base, Duration cap) : random_(random), base_(base), cap_(cap) {}
  Duration next();
  void reset() { tries_ = 0; }
  [[nodiscard]] int tries() const { return tries_; }

 private:
  Random& random_;
  Duration base_;
  Duration cap_;
  int tries_ = 0;
};

}  // namespace net
