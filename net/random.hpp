#pragma once
#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace net {

/// The only source of randomness. Without a seed it reads the kernel's (getrandom(2)), which is what secrets
/// need; with a seed it repeats itself, which is what tests need.
class Random {
 public:
  Random() = default;
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t next();
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1).
  double unit();
  /// `bytes` random bytes as 2 × bytes lower-case hex digits.
  std::string hex(std::size_t bytes);

 private:
  std::optional<std::mt19937_64> engine_;
};

}  // namespace net
