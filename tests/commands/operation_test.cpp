#include "commands/operation.hpp"

#include "tests/catch.hpp"
#include "tests/commands/alone.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::Alone;

namespace {

/// Counts its runs and returns their number.
struct Work {
  int runs = 0;
  net::awaitable<int> operator()() { co_return ++runs; }
};

net::awaitable<void> wait_for_ever(net::Signal& never) { co_await never.wait(); }

}  // namespace

TEST_CASE("a step that was done is not run again, and gives what it gave") {
  Alone alone;
  const auto row = alone.begun();
  Work work;
  const auto make = [&] { return work(); };
  Operation first(alone.world, row, false);
  CHECK(run(alone.io, first.step("count", make)) == 1);
  CHECK(run(alone.io, first.step("count", make)) == 1);
  Operation replay(alone.world, row, true);
  CHECK(run(alone.io, replay.step("count", make)) == 1);
  CHECK(work.runs == 1);
  CHECK(run(alone.io, replay.step("count again", make)) == 2);
  CHECK(replay.result("count") == 1);
  CHECK_FALSE(replay.result("nothing"));
}

TEST_CASE("a step that failed is run again") {
  Alone alone;
  const auto row = alone.begun();
  int runs = 0;
  const auto fail_once = [&]() -> net::awaitable<int> {
    if (++runs == 1) throw Error("not yet");
    co_return runs;
  };
  Operation op(alone.world, row, false);
  CHECK_THROWS_WITH(run(alone.io, op.step("try", fail_once)), "not yet");
  CHECK(run(alone.io, op.step("try", fail_once)) == 2);
}

TEST_CASE("only the first step after a restart may have happened before it") {
  Alone alone;
  const auto row = alone.begun();
  Operation first(alone.world, row, false);
  std::vector<hetzner::Attempt> attempts;
  const auto note_in = [&](Operation& op) {
    return [&]() -> net::awaitable<void> {
      attempts.push_back(op.attempt());
      co_return;
    };
  };
  run(alone.io, first.step("one", note_in(first)));
  Operation resumed(alone.world, row, true);
  run(alone.io, resumed.step("one", note_in(resumed)));
  run(alone.io, resumed.step("two", note_in(resumed)));
  run(alone.io, resumed.step("three", note_in(resumed)));
  CHECK(attempts == std::vector{hetzner::Attempt::first, hetzner::Attempt::resumed, hetzner::Attempt::first});
}

TEST_CASE("a cancelled operation begins no further step, but gives those that were done") {
  Alone alone;
  const auto row = alone.begun();
  Work work;
  const auto make = [&] { return work(); };
  Operation op(alone.world, row, false);
  run(alone.io, op.step("one", make));
  CHECK_FALSE(op.is_cancelled());
  op.note("cancel", "it was cancelled");
  CHECK(op.is_cancelled());
  CHECK(run(alone.io, op.step("one", make)) == 1);
  CHECK_THROWS_AS(run(alone.io, op.step("two", make)), Cancelled);
  CHECK(work.runs == 1);
}

TEST_CASE("a cancellation ends a step that only waits") {
  Alone alone;
  const auto row = alone.begun();
  net::Signal never(alone.io.get_executor());
  Operation op(alone.world, row, false);
  std::string why;
  const auto wait = [&] { return wait_for_ever(never); };
  const auto body = [&]() -> net::awaitable<void> {
    try {
      co_await op.step("wait", 1h, wait);
    } catch (const Cancelled& cancelled) {
      why = cancelled.what();
    }
  };
  Started started(alone.io, body());
  settle(alone.io);
  CHECK_FALSE(started.ended());
  op.note("cancel", "it was cancelled");
  alone.world.changed.notify();
  run_until(alone.io, [&] { return started.ended(); });
  CHECK(why == "it was cancelled");
}

TEST_CASE("a limit is counted from the step's first begin, also over a restart") {
  Alone alone;
  const auto row = alone.begun();
  net::Signal never(alone.io.get_executor());
  const auto wait = [&] { return wait_for_ever(never); };
  Operation first(alone.world, row, false);
  const auto begin = [&]() -> net::awaitable<void> { co_await first.step("wait", 10min, wait); };
  Started cut(alone.io, begin());
  settle(alone.io);
  cut.cancel();
  run_until(alone.io, [&] { return cut.ended(); });
  CHECK(cut.was_aborted());

  alone.clock.advance(9min);
  Operation second(alone.world, row, true);
  std::string late;
  const auto resume = [&]() -> net::awaitable<void> {
    try {
      co_await second.step("wait", 10min, wait);
    } catch (const Late& error) {
      late = error.what();
    }
  };
  Started resumed(alone.io, resume());
  settle(alone.io);
  CHECK_FALSE(resumed.ended());
  alone.clock.advance(61s);
  run_until(alone.io, [&] { return resumed.ended(); });
  CHECK(late == "\"wait\" took too long.");
}

TEST_CASE("a line is said once, and all but the plan mention who asked") {
  Alone alone;
  const auto row = alone.begun();
  Operation op(alone.world, row, false);
  op.say("plan", "it comes up");
  op.say("ready", "it is up");
  op.say("ready", "it is up again");
  Operation(alone.world, row, true).say("plan", "it comes up again");
  CHECK(alone.said(row, "plan")["text"] == "it comes up");
  CHECK(alone.said(row, "plan")["mentions"].empty());
  CHECK(alone.said(row, "ready")["text"] == "it is up");
  CHECK(alone.said(row, "ready")["mentions"] == nlohmann::json{"console:alice"});
  CHECK(alone.storage.outbox.pending() == 2);
}

TEST_CASE("notes are kept in order") {
  Alone alone;
  const auto row = alone.begun();
  Operation op(alone.world, row, false);
  CHECK(op.last_note("key") == "");
  op.note("key", "one");
  op.note("key", "two");
  CHECK(op.notes("key") == std::vector<std::string>{"one", "two"});
  CHECK(Operation(alone.world, row, true).last_note("key") == "two");
}
