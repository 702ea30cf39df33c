#include "net/race.hpp"
#include "net/spawn.hpp"
#include "tests/catch.hpp"
#include "tests/weeks/weeks.hpp"

using namespace weeks;
using namespace std::chrono_literals;

TEST_CASE("whoever sleeps on a story's clock wakes when it jumps, in the order of going to sleep") {
  boost::asio::io_context io(1);
  StoryClock clock(net::Time(1h));
  std::string woken;
  const auto sleep = [&](net::Duration time, char name) -> net::awaitable<void> {
    co_await clock.sleep_for(time);
    woken += name;
  };
  net::spawn(io.get_executor(), "c", sleep(2min, 'c'));
  net::spawn(io.get_executor(), "a", sleep(1min, 'a'));
  net::spawn(io.get_executor(), "b", sleep(1min, 'b'));
  io.poll();
  CHECK(woken.empty());
  CHECK(clock.next() == net::Time(61min));
  clock.jump(clock.next().value());
  io.poll();
  CHECK(woken == "ab");
  clock.jump(net::Time(5h));
  io.poll();
  CHECK(woken == "abc");
  CHECK_FALSE(clock.next());
  CHECK_THROWS(clock.jump(net::Time(4h)));
}

TEST_CASE("a sleeper that is cancelled, or goes with its process, is not waited for") {
  StoryClock clock{net::Time()};
  bool was_first = false;
  {
    boost::asio::io_context io(1);
    const auto race = [&]() -> net::awaitable<void> {
      auto early = clock.sleep_for(1min);
      auto late = clock.sleep_for(2min);
      was_first = co_await net::ends_before(std::move(early), std::move(late));
    };
    net::spawn(io.get_executor(), "race", race());
    net::spawn(io.get_executor(), "sleeper", clock.sleep_for(1h));
    io.poll();
    clock.jump(net::Time(1min));
    io.poll();
    CHECK(was_first);
    CHECK(clock.next() == net::Time(1h));
  }
  CHECK_FALSE(clock.next());
}

TEST_CASE("a story's calendar knows summer time") {
  const Calendar berlin("Europe/Berlin", 2026, 10, 19);
  using namespace std::chrono;
  const auto utc = [](unsigned of, hours hour) {
    return net::Time(sys_days(year(2026) / October / day(of)) + hour);
  };
  CHECK(berlin.time("1 mon 09:00") == utc(19, 7h));
  CHECK(berlin.time("1 sun 01:00") == utc(24, 23h));
  CHECK(berlin.time("1 sun 09:00") == utc(25, 8h));
  CHECK(berlin.time("2 mon 09:00") == utc(26, 8h));
  CHECK(berlin.time("tue 02:00", berlin.time("2 mon 09:00")) == utc(27, 1h));
  CHECK(berlin.time("24:00", berlin.time("2 mon 09:00")) == utc(26, 23h));
  CHECK(berlin.text(utc(25, 8h)) == "1 sun 09:00");
  CHECK(berlin.text(utc(26, 23h)) == "2 tue 00:00");
  for (const auto* wrong : {"", "mon", "1 day 09:00", "1 mon 9", "1 mon 25:00"})
    CHECK_THROWS_AS(berlin.time(wrong), std::invalid_argument);
}
