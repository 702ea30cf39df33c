#include "net/clock.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {

namespace {

/// Somebody may set the wall clock, or suspend the machine, while we sleep: it is looked at this often.
constexpr Duration longest = std::chrono::minutes(1);

}  // namespace

awaitable<void> Clock::sleep_for(Duration time) { return sleep_until(now() + time); }

Time SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

awaitable<void> SystemClock::sleep_until(Time when) {
  auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor);
  for (auto time = now(); time < when; time = now()) {
    timer.expires_after(when < time + longest ? when - time : longest);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

awaitable<void> SystemClock::sleep_for(Duration time) {
  using Steady = std::chrono::steady_clock;
  const auto when = now() + time;
  const auto end = Steady::now() + time;
  auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor);
  while (now() < when && Steady::now() < end) {
    timer.expires_at(std::min<Steady::time_point>(end, Steady::now() + longest));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace net
