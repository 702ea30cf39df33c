#pragma once
#include <chrono>

#include "net/awaitable.hpp"

namespace net {

/// Wall-clock time in unix milliseconds, the precision of every stored instant.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

/// The only source of time: passed by reference to whoever needs it, so that a test can own it.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
  /// Returns at `when` or later; throws boost::system::system_error (operation_aborted) when the
  /// awaiting coroutine is cancelled.
  virtual awaitable<void> sleep_until(Time when) = 0;
  virtual awaitable<void> sleep_for(Duration time);
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
  awaitable<void> sleep_until(Time when) override;
  /// No longer than `time`, also when the wall clock is set back meanwhile.
  awaitable<void> sleep_for(Duration time) override;
};

}  // namespace net
