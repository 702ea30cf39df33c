#include "net/backoff.hpp"

#include <algorithm>

namespace net {

Duration Backoff::next() {
  auto ceiling = base_;
  for (int i = 0; i < tries_ && ceiling < cap_; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, cap_);
  ++tries_;
  return Duration(random_.below(static_cast<std::uint64_t>(ceiling.count()) + 1));
}

}  // namespace net
