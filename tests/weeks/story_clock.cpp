#include "tests/weeks/story_clock.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

namespace weeks {
namespace asio = boost::asio;

net::awaitable<void> StoryClock::sleep_until(net::Time when) {
  if (when <= now_) co_return;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
  // Also when the coroutine goes with its io_context, asleep.
  struct Asleep {
    ~Asleep() { all.erase(self); }
    Sleepers& all;
    Sleepers::iterator self;
  };
  const Asleep asleep{sleepers_, sleepers_.emplace(when, &timer)};
  boost::system::error_code woken;
  auto token = asio::redirect_error(asio::use_awaitable, woken);
  co_await timer.async_wait(token);
  if (now_ < when) throw boost::system::system_error(asio::error::operation_aborted);
}

std::optional<net::Time> StoryClock::next() const {
  if (sleepers_.empty()) return std::nullopt;
  return sleepers_.begin()->first;
}

void StoryClock::jump(net::Time to) {
  if (to < now_) throw std::logic_error("the time of a story does not go back");
  now_ = to;
  for (auto one = sleepers_.begin(); one != sleepers_.end() && one->first <= to; ++one) one->second->cancel();
}

}  // namespace weeks
