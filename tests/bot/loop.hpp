#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>

#include "net/clock.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"
#include "tests/run.hpp"

namespace bot::test {

/// The one thread of a test, with real time.
struct Loop {
  boost::asio::io_context io{1};
  net::SystemClock clock;
  net::Random random{1};

  /// Lets everything run until `reached`.
  void until(std::function<bool()> reached) { run(io, poll(std::move(reached))); }
  /// Lets what is ready run for a while, to see that nothing happens.
  void settle() { run(io, clock.sleep_for(std::chrono::milliseconds(30))); }

 private:
  net::awaitable<void> poll(std::function<bool()> reached) {
    while (!reached()) co_await clock.sleep_for(std::chrono::milliseconds(1));
  }
};

/// Time that passes only when the test says so.
class StillClock final : public net::Clock {
 public:
  static constexpr net::Time beginning{std::chrono::hours(24 * 365 * 50)};
  explicit StillClock(net::Executor executor, net::Time now = beginning) : now_(now), moved_(executor) {}
  [[nodiscard]] net::Time now() const override { return now_; }
  net::awaitable<void> sleep_until(net::Time when) override {
    while (now_ < when) co_await moved_.wait();
  }
  void advance(net::Duration time) {
    now_ += time;
    moved_.notify();
  }

 private:
  net::Time now_;
  net::Signal moved_;
};

}  // namespace bot::test
