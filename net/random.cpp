#include "net/random.hpp"

#include <sys/random.h>

#include "net/error.hpp"

namespace net {

std::uint64_t Random::next() {
  if (engine_) return (*engine_)();
  std::uint64_t bits = 0;
  if (::getentropy(&bits, sizeof bits) != 0) throw Error("the system gives no random numbers");
  return bits;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // The lowest 2^64 mod bound values would make the small results more likely.
  const auto biased = (0 - bound) % bound;
  for (;;) {
    const auto bits = next();
    if (bits >= biased) return bits % bound;
  }
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::string Random::hex(std::size_t bytes) {
  constexpr auto digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes + 16);
  while (text.size() < 2 * bytes) {
    auto bits = next();
    for (int i = 0; i < 16; ++i, bits >>= 4) text += digits[bits & 15];
  }
  text.resize(2 * bytes);
  return text;
}

}  // namespace net
