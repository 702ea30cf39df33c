#include "net/race.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace net {
namespace asio = boost::asio;

awaitable<bool> ends_before(awaitable<void> task, awaitable<void> limit) {
  auto executor = co_await asio::this_coro::executor;
  auto first = asio::co_spawn(executor, std::move(task), asio::deferred);
  auto second = asio::co_spawn(executor, std::move(limit), asio::deferred);
  auto both = asio::experimental::make_parallel_group(std::move(first), std::move(second));
  const auto until_one = asio::experimental::wait_for_one();
  auto outcome = co_await both.async_wait(until_one, asio::use_awaitable);
  const bool task_was_first = std::get<0>(outcome)[0] == 0;
  const auto failure = task_was_first ? std::get<1>(outcome) : std::get<2>(outcome);
  if (failure) std::rethrow_exception(failure);
  co_return task_was_first;
}

awaitable<bool> ends_within(Clock& clock, Duration limit, awaitable<void> task) {
  auto late = clock.sleep_for(limit);
  const bool in_time = co_await ends_before(std::move(task), std::move(late));
  co_return in_time;
}

}  // namespace net
