#include "net/race.hpp"

#include <boost/asio/io_context.hpp>

#include "net/clock.hpp"
#include "tests/catch.hpp"
#include "tests/net/started.hpp"
#include "tests/run.hpp"

using namespace std::chrono_literals;

namespace {

struct Lap {
  boost::asio::io_context io{1};
  net::SystemClock clock;
  int ended = 0;
  int destroyed = 0;

  net::awaitable<void> after(net::Duration time, std::string failure = "") {
    struct Count {
      int& count;
      ~Count() { ++count; }
    } count{destroyed};
    co_await clock.sleep_for(time);
    if (!failure.empty()) throw std::runtime_error(failure);
    ++ended;
  }
  net::awaitable<void> at_once() {
    ++ended;
    co_return;
  }
  net::awaitable<void> both(net::Duration time) {
    auto task = after(time);
    auto limit = after(time);
    co_await net::ends_before(std::move(task), std::move(limit));
  }
  bool race(net::awaitable<void> task, net::awaitable<void> limit) {
    return run(io, net::ends_before(std::move(task), std::move(limit)));
  }
};

}  // namespace

TEST_CASE("a task that ends in time wins, and the limit is cancelled") {
  Lap lap;
  CHECK(lap.race(lap.after(1ms), lap.after(1h)));
  CHECK(lap.ended == 1);
  CHECK(lap.destroyed == 2);
}

TEST_CASE("a task that is late is cancelled before the call returns") {
  Lap lap;
  CHECK_FALSE(lap.race(lap.after(1h), lap.after(1ms)));
  CHECK(lap.destroyed == 2);
}

TEST_CASE("what has so much time and no more is told to have had enough of it or not") {
  Lap lap;
  CHECK(run(lap.io, net::ends_within(lap.clock, 1h, lap.after(1ms))));
  CHECK(lap.ended == 1);
  CHECK_FALSE(run(lap.io, net::ends_within(lap.clock, 1ms, lap.after(1h))));
  CHECK(lap.ended == 1);
  CHECK(lap.destroyed == 2);
}

TEST_CASE("what the first of a race throws is thrown at once") {
  Lap lap;
  CHECK_THROWS_WITH(lap.race(lap.after(1ms, "boom"), lap.after(1h)), "boom");
  CHECK_THROWS_WITH(lap.race(lap.after(1h), lap.after(1ms, "cancelled")), "cancelled");
  CHECK(lap.destroyed == 4);
}

TEST_CASE("a race that is decided at once waits for nobody") {
  Lap lap;
  CHECK(lap.race(lap.at_once(), lap.after(1h)));
  CHECK_FALSE(lap.race(lap.after(1h), lap.at_once()));
  CHECK(lap.ended == 2);
}

TEST_CASE("a cancelled race cancels both") {
  Lap lap;
  Started race(lap.io, lap.both(1h));
  settle(lap.io);
  race.cancel();
  run_until(lap.io, [&] { return race.ended(); });
  CHECK(race.was_aborted());
  CHECK(lap.destroyed == 2);
}
