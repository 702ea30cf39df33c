#include <algorithm>

#include "tests/catch.hpp"
#include "tests/tailnet/scene.hpp"

using namespace tailnet;
using namespace tailnet::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

std::vector<Waiting> wait_for(Scene& scene, int machines, const GivenKey& key) {
  std::vector<Waiting> waiting;
  for (int i = 0; i < machines; ++i) waiting.emplace_back(scene, fmt::format("box-{}", i), key);
  return waiting;
}

bool all_ended(std::vector<Waiting>& waiting) {
  return std::all_of(waiting.begin(), waiting.end(), [](Waiting& one) { return one->ended(); });
}

}  // namespace

TEST_CASE("ten who wait are served by one poller, which stops when nobody waits") {
  Scene scene;
  const auto since = given(scene.mint());
  auto waiting = wait_for(scene, 10, since);
  scene.until_count(1);
  scene.calm();
  CHECK(scene.count("GET", "/devices") == 1);
  scene.still.advance(2999ms);
  scene.calm();
  CHECK(scene.count("GET", "/devices") == 1);
  scene.still.advance(2001ms);
  scene.until_count(2);
  for (int i = 0; i < 10; ++i) scene.join_new(fmt::format("box-{}", i));
  scene.still.advance(5s);
  run_until(scene.io, [&] { return all_ended(waiting); });
  for (int i = 0; i < 10; ++i) {
    REQUIRE(waiting[static_cast<std::size_t>(i)].node->has_value());
    CHECK((*waiting[static_cast<std::size_t>(i)].node)->name == fmt::format("box-{}.tail1234.ts.net", i));
  }
  scene.calm();
  scene.still.advance(1h);
  scene.calm();
  CHECK(scene.count("GET", "/devices") == 3);
}

TEST_CASE("a poke looks at once, also when it comes during a look") {
  Scene scene;
  Waiting waiting(scene, "alice", given(scene.mint()));
  scene.until_count(1);
  scene.fault({{"path", "*/devices"}, {"delay_ms", 60}});
  scene.tailnet.poke();
  scene.calm();
  scene.join_new("alice");
  scene.tailnet.poke();
  run_until(scene.io, [&] { return waiting->ended(); });
  REQUIRE(waiting.node->has_value());
  CHECK((*waiting.node)->id == "n1CNTRL");
}

TEST_CASE("a poke with nobody waiting asks nothing") {
  Scene scene;
  scene.tailnet.poke();
  scene.calm();
  CHECK(scene.count("GET", "/devices") == 0);
}

TEST_CASE("who is cancelled leaves the others alone; the last one ends the polling") {
  Scene scene;
  const auto since = given(scene.mint());
  Waiting first(scene, "alice", since), second(scene, "bob", since);
  scene.until_count(1);
  first->cancel();
  run_until(scene.io, [&] { return first->ended(); });
  CHECK(first->was_aborted());
  scene.still.advance(5s);
  scene.until_count(2);
  scene.join_new("bob");
  scene.tailnet.poke();
  run_until(scene.io, [&] { return second->ended(); });
  CHECK(second->ended_well());
  Waiting third(scene, "carol", since);
  scene.until_count(4);
  third->cancel();
  run_until(scene.io, [&] { return third->ended(); });
  scene.still.advance(1h);
  scene.calm();
  CHECK(scene.count("GET", "/devices") == 4);
  // And polling can start again.
  Waiting fourth(scene, "bob", since);
  run_until(scene.io, [&] { return fourth->ended(); });
  CHECK(fourth->ended_well());
}

TEST_CASE("who is cancelled during a look leaves the others alone") {
  Scene scene;
  const auto since = given(scene.mint());
  scene.join_new("bob");
  scene.fault({{"path", "*/devices"}, {"delay_ms", 60}});
  Waiting first(scene, "alice", since), second(scene, "bob", since);
  run(scene.io, scene.clock.sleep_for(20ms));
  first->cancel();
  run_until(scene.io, [&] { return first->ended() && second->ended(); });
  CHECK(first->was_aborted());
  CHECK(second->ended_well());
}

TEST_CASE("a look that fails ends the waiting of all, not the process, and a new one may wait") {
  Scene scene;
  const auto since = given(scene.mint());
  scene.join_new("box-1");
  scene.fault({{"path", "*/devices"}, {"status", 500}, {"code", "out of order"}, {"count", 3}});
  std::vector<std::string> ends;
  const auto wait = [&]() -> net::awaitable<void> {
    try {
      co_await scene.tailnet.until_online("box-1", since);
    } catch (const Error& error) {
      ends.emplace_back(error.what());
    }
  };
  Started first(scene.io, wait()), second(scene.io, wait());
  run_until(scene.io, [&] { return first.ended() && second.ended(); });
  CHECK(ends == std::vector<std::string>(2, "Tailscale failed to list the devices: out of order"));
  const auto node = run(scene.io, scene.tailnet.until_online("box-1", since));
  CHECK(node.name == "box-1.tail1234.ts.net");
}

TEST_CASE("a machine of another tag, an old one and one that is off are not the one waited for") {
  Scene scene("tag:devbox");
  scene.join_new("alice");
  scene.ask("POST", "/_sim/clock", {{"advance_s", 10}});
  const auto since = given(scene.mint());
  Waiting waiting(scene, "alice", since);
  scene.until_count(1);
  CHECK_FALSE(waiting->ended());

  CHECK(scene.join_new("alice") == "alice-1.tail1234.ts.net");
  scene.ask("POST", "/_sim/offline", {{"id", "n2CNTRL"}});
  scene.tailnet.poke();
  scene.until_count(2);
  scene.calm();
  CHECK_FALSE(waiting->ended());

  scene.ask("POST", "/_sim/online", {{"id", "n2CNTRL"}});
  scene.tailnet.poke();
  run_until(scene.io, [&] { return waiting->ended(); });
  REQUIRE(waiting.node->has_value());
  CHECK((*waiting.node)->name == "alice-1.tail1234.ts.net");
  CHECK((*waiting.node)->id == "n2CNTRL");

  Tailnet others(scene.io.get_executor(), scene.http, scene.still, scene.random,
                 Scene::client_options("tag:other", ""));
  CHECK(run(scene.io, others.devices()).empty());
}

TEST_CASE("the program may end while somebody waits and the poller sleeps or asks") {
  for (const bool is_asking : {false, true}) {
    Scene scene;
    const auto since = given(scene.mint());
    if (is_asking) scene.fault({{"path", "*/devices"}, {"delay_ms", 60'000}});
    Waiting waiting(scene, "alice", since);
    if (!is_asking) scene.until_count(1);
    scene.calm();
    CHECK_FALSE(waiting->ended());
  }
}
