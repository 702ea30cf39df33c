#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "tests/matrix/simulator/contents.hpp"

namespace matrix::simulator {

/// Leaky buckets, one a user: `burst` actions at once, then `per_second`. Times are unix ms.
class Limiter {
 public:
  /// Throws the 429 Refusal when `key` has to wait; counts nothing.
  void check(const std::string& key, const Limit& limit, std::int64_t now) const;
  void count(const std::string& key, const Limit& limit, std::int64_t now);
  void clear() { buckets_.clear(); }

 private:
  struct Bucket {
    double filled = 0;
    std::int64_t at = 0;
  };
  [[nodiscard]] double filled(const std::string& key, const Limit& limit, std::int64_t now) const;

  std::map<std::string, Bucket> buckets_;
};

}  // namespace matrix::simulator
