#include "tests/matrix/simulator/limiter.hpp"

#include <algorithm>
#include <cmath>

#include "tests/matrix/simulator/refusal.hpp"

namespace matrix::simulator {
namespace {

Refusal limit_exceeded(long wait_ms) {
  Refusal refusal(429, "M_LIMIT_EXCEEDED", "Too Many Requests");
  refusal.more["retry_after_ms"] = wait_ms;
  refusal.retry_after_s = static_cast<int>((wait_ms + 999) / 1000);
  return refusal;
}

}  // namespace

double Limiter::filled(const std::string& key, const Limit& limit, std::int64_t now) const {
  const auto found = buckets_.find(key);
  if (found == buckets_.end()) return 0;
  const auto leaked = static_cast<double>(now - found->second.at) / 1000 * limit.per_second;
  return std::max(0.0, found->second.filled - leaked);
}

void Limiter::check(const std::string& key, const Limit& limit, std::int64_t now) const {
  if (limit.per_second <= 0) return;
  const auto over = filled(key, limit, now) - (limit.burst - 1);
  if (over <= 0) return;
  const auto wait_ms = std::max(1L, std::lround(std::ceil(over / limit.per_second * 1000)));
  throw limit_exceeded(wait_ms);
}

void Limiter::count(const std::string& key, const Limit& limit, std::int64_t now) {
  if (limit.per_second <= 0) return;
  buckets_[key] = {filled(key, limit, now) + 1, now};
}

}  // namespace matrix::simulator
