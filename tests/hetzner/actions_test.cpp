#include "hetzner/actions.hpp"

#include "net/url.hpp"
#include "tests/catch.hpp"
#include "tests/hetzner/scripted.hpp"
#include "tests/net/started.hpp"

using Catch::Matchers::Contains;
using hetzner::ActionFailed;
using hetzner::ActionId;
using nlohmann::json;

namespace {

std::vector<ActionId> ids(std::int64_t from, std::int64_t to) {
  std::vector<ActionId> list;
  for (auto id = from; id <= to; ++id) list.push_back(ActionId{id});
  return list;
}

std::vector<std::int64_t> asked_ids(const net::HttpRequest& request) {
  std::vector<std::int64_t> list;
  for (const auto& [key, value] : net::parse_target(request.target).query)
    if (key == "id") list.push_back(std::stoll(value));
  return list;
}

/// GET /actions of an API where `status` says how far each action is; "" = not known.
void play(Scripted& world, std::function<std::string(std::int64_t)> status) {
  world.respond = [status](const net::HttpRequest& request) {
    json list = json::array();
    for (const auto id : asked_ids(request)) {
      const auto now = status(id);
      if (now.empty()) continue;
      json error;
      if (now == "error") error = {{"code", "action_failed"}, {"message", "no luck"}};
      list.push_back({{"id", id}, {"command", "start_server"}, {"status", now}, {"error", error}});
    }
    return answer(200, {{"actions", list}});
  };
}

}  // namespace

TEST_CASE("nothing to wait for asks nothing") {
  Scripted world;
  run(world.io, world.actions.until_done({}));
  CHECK(world.asked.empty());
}

TEST_CASE("an action is polled until it has succeeded, and no longer") {
  Scripted world;
  int polls = 0;
  play(world, [&](std::int64_t) { return ++polls < 4 ? "running" : "success"; });
  run(world.io, world.actions.until_done(ids(606028482673874, 606028482673874)));
  CHECK(world.asked == Asked(4, "GET /actions?id=606028482673874"));
  run(world.io, world.clock.sleep_for(std::chrono::milliseconds(30)));
  CHECK(world.asked.size() == 4);
}

TEST_CASE("60 ids of several waiters are three calls a poll") {
  Scripted world;
  play(world, [](std::int64_t) { return "success"; });
  Started first(world.io, world.actions.until_done(ids(1, 30)));
  Started second(world.io, world.actions.until_done(ids(31, 60)));
  run_until(world.io, [&] { return first.ended() && second.ended(); });
  CHECK(first.ended_well());
  CHECK(second.ended_well());
  REQUIRE(world.requests.size() == 3);
  CHECK(asked_ids(world.requests[0]).size() == 25);
  CHECK(asked_ids(world.requests[1]).size() == 25);
  CHECK(asked_ids(world.requests[2]) == std::vector<std::int64_t>{51, 52, 53, 54, 55, 56, 57, 58, 59, 60});
}

TEST_CASE("a failed action ends its waiter alone") {
  Scripted world;
  bool second_done = false;
  play(world, [&](std::int64_t id) { return id == 1 ? "error" : second_done ? "success" : "running"; });
  Started second(world.io, world.actions.until_done(ids(2, 2)));
  CHECK_THROWS_WITH(run(world.io, world.actions.until_done(ids(1, 2))),
                    "Hetzner's action start_server failed: no luck (action_failed)");
  CHECK_FALSE(second.ended());
  second_done = true;
  run_until(world.io, [&] { return second.ended(); });
  CHECK(second.ended_well());
}

TEST_CASE("an id that the API does not know is a failed action") {
  Scripted world;
  play(world, [](std::int64_t id) { return id == 7 ? "" : "success"; });
  try {
    run(world.io, world.actions.until_done(ids(6, 7)));
    FAIL("it must not succeed");
  } catch (const ActionFailed& error) {
    CHECK(error.code == "unknown_action");
  }
}

TEST_CASE("a cancelled waiter leaves the others alone, and the poll stops with the last") {
  Scripted world;
  bool done = false;
  play(world, [&](std::int64_t) { return done ? "success" : "running"; });
  Started first(world.io, world.actions.until_done(ids(1, 2)));
  Started second(world.io, world.actions.until_done(ids(2, 3)));
  run_until(world.io, [&] { return world.asked.size() == 2; });
  first.cancel();
  run_until(world.io, [&] { return first.ended(); });
  CHECK(first.was_aborted());
  const auto before = world.asked.size();
  run_until(world.io, [&] { return world.asked.size() == before + 2; });
  CHECK(world.asked.back() == "GET /actions?id=2&id=3");
  CHECK_FALSE(second.ended());
  second.cancel();
  run_until(world.io, [&] { return second.ended(); });
  run(world.io, world.clock.sleep_for(std::chrono::milliseconds(30)));
  const auto after = world.asked.size();
  run(world.io, world.clock.sleep_for(std::chrono::milliseconds(30)));
  CHECK(world.asked.size() == after);
  done = true;
  run(world.io, world.actions.until_done(ids(2, 3)));
}

TEST_CASE("a poll that fails is every waiter's failure, and waiting again works") {
  Scripted world;
  world.respond = [](const net::HttpRequest&) { return raw(502, "<html>"); };
  Started first(world.io, world.actions.until_done(ids(1, 1)));
  CHECK_THROWS_AS(run(world.io, world.actions.until_done(ids(2, 2))), hetzner::Unavailable);
  run_until(world.io, [&] { return first.ended(); });
  CHECK_FALSE(first.ended_well());
  CHECK_FALSE(first.was_aborted());
  play(world, [](std::int64_t) { return "success"; });
  run(world.io, world.actions.until_done(ids(1, 2)));
  CHECK(world.asked.back() == "GET /actions?id=1&id=2");
}

TEST_CASE("an answer that is no list of actions is the waiters' failure") {
  Scripted world;
  world.respond = [](const net::HttpRequest&) { return raw(200, R"({"actions":[{"id":"x"}]})"); };
  CHECK_THROWS_WITH(run(world.io, world.actions.until_done(ids(1, 1))), Contains("\"id\" is not an integer"));
}

TEST_CASE("a waiter that is still waiting at the end of the process does no harm") {
  auto world = std::make_unique<Scripted>();
  play(*world, [](std::int64_t) { return "running"; });
  Started waiting(world->io, world->actions.until_done(ids(1, 1)));
  run_until(world->io, [&] { return world->asked.size() == 2; });
  world.reset();
  CHECK_FALSE(waiting.ended());
}

TEST_CASE("polls become rarer up to five times the first and start again on reset") {
  hetzner::PollPace pace(std::chrono::seconds(1));
  std::vector<int> waits;
  for (int i = 0; i < 6; ++i) waits.push_back(static_cast<int>(pace.next().count()));
  CHECK(waits == std::vector<int>{1000, 1500, 2250, 3375, 5000, 5000});
  pace.reset();
  CHECK(pace.next() == std::chrono::seconds(1));
}
