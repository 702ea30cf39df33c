#include "net/clock.hpp"

#include "net/signal.hpp"
#include "tests/catch.hpp"
#include "tests/net/started.hpp"
#include "tests/run.hpp"

using namespace std::chrono_literals;
using net::awaitable;

TEST_CASE("a sleep ends at its instant or later, and at once when that has passed") {
  boost::asio::io_context io;
  net::SystemClock clock;
  const auto until = clock.now() + 20ms;
  run(io, clock.sleep_until(until));
  CHECK(clock.now() >= until);
  run(io, clock.sleep_until(clock.now() - 1h));
  run(io, clock.sleep_for(1ms));
}

TEST_CASE("a cancelled sleep throws operation_aborted") {
  boost::asio::io_context io;
  net::SystemClock clock;
  Started sleeper(io, clock.sleep_until(net::Time::max()));
  settle(io);
  REQUIRE_FALSE(sleeper.ended());
  sleeper.cancel();
  settle(io);
  CHECK(sleeper.was_aborted());
}

TEST_CASE("notify wakes every waiter, and only those who waited before it") {
  boost::asio::io_context io;
  net::Signal signal(io.get_executor());
  signal.notify();
  Started first(io, signal.wait()), second(io, signal.wait());
  settle(io);
  CHECK_FALSE(first.ended());
  signal.notify();
  Started late(io, signal.wait());
  settle(io);
  CHECK(first.ended_well());
  CHECK(second.ended_well());
  CHECK_FALSE(late.ended());
  signal.notify();
  settle(io);
  CHECK(late.ended_well());
}

TEST_CASE("a notify between the call of wait and its first step is not lost") {
  boost::asio::io_context io;
  net::Signal signal(io.get_executor());
  auto waiting = signal.wait();
  signal.notify();
  Started waiter(io, std::move(waiting));
  settle(io);
  CHECK(waiter.ended_well());
}

TEST_CASE("a cancelled waiter throws operation_aborted and the others go on waiting") {
  boost::asio::io_context io;
  net::Signal signal(io.get_executor());
  Started cancelled(io, signal.wait()), other(io, signal.wait());
  settle(io);
  cancelled.cancel();
  settle(io);
  CHECK(cancelled.was_aborted());
  CHECK_FALSE(other.ended());
  signal.notify();
  settle(io);
  CHECK(other.ended_well());
}

TEST_CASE("a waiter may outlive its signal, and an io_context both") {
  boost::asio::io_context io;
  net::SystemClock clock;
  auto signal = std::make_unique<net::Signal>(io.get_executor());
  Started waiter(io, signal->wait()), timed(io, signal->wait_until(clock, clock.now() + 1h));
  settle(io);
  signal.reset();
  waiter.cancel();
  settle(io);
  CHECK(waiter.was_aborted());
  CHECK_FALSE(timed.ended());
}

TEST_CASE("wait_until returns at its instant, or earlier when notified") {
  boost::asio::io_context io;
  net::SystemClock clock;
  net::Signal signal(io.get_executor());
  const auto until = clock.now() + 20ms;
  run(io, signal.wait_until(clock, until));
  CHECK(clock.now() >= until);
  run(io, signal.wait_until(clock, clock.now() - 1h));

  Started waiter(io, signal.wait_until(clock, clock.now() + 1h));
  settle(io);
  CHECK_FALSE(waiter.ended());
  signal.notify();
  settle(io);
  CHECK(waiter.ended_well());
  INFO("the alarm of a waiter that was notified does not keep the loop running");
  io.restart();
  io.run();
}

TEST_CASE("a cancelled wait_until throws operation_aborted and takes its alarm along") {
  boost::asio::io_context io;
  net::SystemClock clock;
  net::Signal signal(io.get_executor());
  Started waiter(io, signal.wait_until(clock, clock.now() + 1h));
  settle(io);
  waiter.cancel();
  io.restart();
  io.run();
  CHECK(waiter.was_aborted());
}
