#include "commands/reports.hpp"

#include "commands/printable.hpp"
#include "commands/request.hpp"
#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"
#include "tests/catch.hpp"
#include "tests/commands/reporting.hpp"

using namespace commands;
using commands::test::Reporting;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

net::awaitable<void> accept_later(Reporting& world, json report) {
  co_await world.clock.sleep_for(5ms);
  world.reports.accept(world.source, report);
}

net::awaitable<void> keep_done(Reporting& world, Order order, std::optional<json>& done) {
  auto report = co_await world.reports.until_done(world.source, order);
  done = std::move(report);
}

std::string failure(Reporting& world) {
  try {
    run(world.io, world.reports.until_ready(world.source));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

const Order stop{"prepare_stop", "op2/flush"};

}  // namespace

TEST_CASE("a token is the HMAC of workspace and operation, the same on replay") {
  Reporting world;
  // printf '7/0123456789abcdef' | openssl dgst -sha256 -hmac 'the report key'
  CHECK(world.reports.token({7, "0123456789abcdef"}) ==
        "246508a64ea56893f18bbf574ccf039d0cd3aec8c75de2e681d3aeb74d426ef2");
}

TEST_CASE("a token is good while its session runs or its up is unfinished") {
  Reporting world;
  const auto token = world.reports.token(world.source);
  CHECK(world.reports.authenticate(token) == world.source);
  CHECK_FALSE(world.reports.authenticate(""));
  CHECK_FALSE(world.reports.authenticate(std::string(64, '0')));
  world.storage.sessions.end(1, world.clock.now());
  CHECK_FALSE(world.reports.authenticate(token));
}

TEST_CASE("the token of a running up is good before there is a session") {
  Reporting world;
  const Reports::Source source{world.workspace, world.operation("m2", "running")};
  const auto token = world.reports.token(source);
  CHECK(world.reports.authenticate(token) == source);
  world.storage.journal.finish(source.operation, "failed", "boot", world.clock.now());
  CHECK_FALSE(world.reports.authenticate(token));
}

TEST_CASE("until_ready returns at the report that says so and tells the tailnet poller") {
  Reporting world;
  int told = 0;
  world.reports.on_ready = [&] { ++told; };
  net::spawn(world.io.get_executor(), "report", accept_later(world, {{"v", 1}, {"ready", false}}));
  net::spawn(world.io.get_executor(), "report", accept_later(world, {{"v", 1}, {"ready", true}}));
  run(world.io, world.reports.until_ready(world.source));
  CHECK(told == 1);
  CHECK(world.reports.last_seen(world.source));
}

TEST_CASE("a failed stage is named, cut and without control characters") {
  Reporting world;
  json report = {{"v", 1}, {"stage", "mount"}, {"state", "failed"}, {"ready", false}};
  report["detail"] = "no \x1b[31mdisk " + std::string(300, 'x');
  world.reports.accept(world.source, report);
  const auto sentence = failure(world);
  CHECK(sentence.find("\"mount\" failed: no [31mdisk xxx") != std::string::npos);
  CHECK(sentence.find('\x1b') == std::string::npos);
  CHECK(sentence.size() < 300);
}

TEST_CASE("the last report survives a restart, for the up that sent it") {
  Reporting world;
  world.reports.accept(world.source, {{"v", 1}, {"ready", true}});
  Reports restarted(world.io.get_executor(), world.clock, world.storage, "the report key");
  run(world.io, restarted.until_ready(world.source));
  CHECK(restarted.last_seen(world.source));
  CHECK_FALSE(restarted.last_seen({world.workspace, "another"}));
}

TEST_CASE("a report that only says that time passed is not written again") {
  Reporting world;
  world.reports.accept(world.source, {{"v", 1}, {"uptime", 60}});
  world.reports.accept(world.source, {{"v", 1}, {"uptime", 61}});
  CHECK(world.storage.reports.find(world.workspace)->report["uptime"] == 60);
  world.reports.accept(world.source,
                       {{"v", 1}, {"uptime", 61}, {"cpu", 3}, {"tmux_idle", 0}, {"jobs", {"make"}}});
  CHECK(world.storage.reports.find(world.workspace)->report["uptime"] == 60);
  world.reports.accept(world.source, {{"v", 1}, {"uptime", 62}, {"stage", "home"}});
  CHECK(world.storage.reports.find(world.workspace)->report["uptime"] == 62);
}

TEST_CASE("a report that says nothing new is written after a minute") {
  Reporting world;
  bot::test::StillClock clock(world.io.get_executor());
  Reports reports(world.io.get_executor(), clock, world.storage, "the report key");
  const auto uptime = [&] { return world.storage.reports.find(world.workspace)->report["uptime"]; };
  reports.accept(world.source, {{"v", 1}, {"uptime", 1}});
  clock.advance(59s);
  reports.accept(world.source, {{"v", 1}, {"uptime", 60}});
  CHECK(uptime() == 1);
  clock.advance(1s);
  reports.accept(world.source, {{"v", 1}, {"uptime", 61}});
  CHECK(uptime() == 61);
}

TEST_CASE("an order is handed out until its report says done, and to its source only") {
  Reporting world;
  std::optional<json> done;
  net::spawn(world.io.get_executor(), "down", keep_done(world, stop, done));
  auto order = run(world.io, world.reports.until_order(world.source, 5s));
  CHECK(order.verb == "prepare_stop");
  CHECK(order.id == "op2/flush");
  order = run(world.io, world.reports.until_order({world.workspace, "another"}, 0s));
  CHECK(order.verb == "nothing");
  order = run(world.io, world.reports.until_order(world.source, 0s));
  CHECK(order.verb == "prepare_stop");
  world.reports.accept(world.source, {{"v", 1}, {"done", {{"id", "op1/flush"}, {"ok", true}}}});
  order = run(world.io, world.reports.until_order(world.source, 0s));
  CHECK(order.verb == "prepare_stop");
  world.reports.accept(world.source, {{"v", 1}, {"done", {{"id", "op2/flush"}, {"ok", false}}}});
  order = run(world.io, world.reports.until_order(world.source, 20ms));
  CHECK(order.verb == "nothing");
  REQUIRE(done);
  CHECK((*done)["done"]["ok"] == false);
}

TEST_CASE("a report held for an order is answered when the order is given") {
  Reporting world;
  std::optional<json> done;
  const auto give = [&]() -> net::awaitable<void> {
    co_await world.clock.sleep_for(20ms);
    co_await keep_done(world, stop, done);
  };
  net::spawn(world.io.get_executor(), "down", give());
  const auto order = run(world.io, world.reports.until_order(world.source, 20s));
  CHECK(order.verb == "prepare_stop");
}

TEST_CASE("an order goes with the one who waits for it") {
  Reporting world;
  std::optional<json> done;
  boost::asio::cancellation_signal cancel;
  boost::asio::co_spawn(world.io, keep_done(world, stop, done),
                        boost::asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
  auto order = run(world.io, world.reports.until_order(world.source, 5s));
  CHECK(order.verb == "prepare_stop");
  cancel.emit(boost::asio::cancellation_type::terminal);
  run(world.io, world.clock.sleep_for(5ms));
  order = run(world.io, world.reports.until_order(world.source, 20ms));
  CHECK(order.verb == "nothing");
}

TEST_CASE("text is cut between characters and shown without what is no text") {
  CHECK(cut("häuser", 7) == "häuser");
  CHECK(cut("häuser am see", 8) == "häus…");
  CHECK(cut("ääää", 6) == "ä…");
  CHECK(printable("a\xff\xc3(\xe2\x82") == "a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(printable("\xed\xa0\x80\xf4\x90\x80\x80").find("\xed") == std::string::npos);
  CHECK(printable("👩‍🚀 日本\n\té") == "👩‍🚀 日本\n\té");
}
