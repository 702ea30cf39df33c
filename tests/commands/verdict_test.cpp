#include "commands/verdict.hpp"

#include <fmt/format.h>

#include "tests/catch.hpp"
#include "tests/commands/signals.hpp"

using namespace commands;
using namespace commands::test;
using Minutes = std::chrono::duration<double, std::ratio<60>>;

namespace {

/// When the workspaces of this file are judged.
const net::Time judged_at = made + 12h;

/// One that was heard just now and did nothing since it was made.
Activity unused(net::Time heard = judged_at) {
  auto activity = unheard(made);
  activity.heard = heard;
  return activity;
}
Activity typed(net::Time at) {
  auto activity = unused();
  activity.human = {at, "keystroke on pts/0"};
  return activity;
}
Activity leased(net::Time until) {
  auto activity = unused();
  activity.leases.push_back({"keep", until});
  return activity;
}
Standing plain() {
  Standing standing;
  standing.created = made;
  return standing;
}

/// "idle 115 warn 105 remind 30": why and when it stops, when it is warned and reminded, in minutes since it
/// was made.
std::string shown(const Verdict& verdict) {
  const auto minutes = [](net::Time time) { return Minutes(time - made).count(); };
  const char* causes[] = {"idle", "until", "closing", "cap"};
  auto text = fmt::format("{} {} warn {}", causes[static_cast<int>(verdict.cause)], minutes(verdict.stop),
                          minutes(verdict.warn));
  if (verdict.remind) text += fmt::format(" remind {}", minutes(*verdict.remind));
  return text;
}
std::string stopped(const Activity& activity, const Standing& standing = plain()) {
  return shown(judge(activity, standing, {}, judged_at));
}

}  // namespace

TEST_CASE("a workspace is in use as long as its evidence is fresh, to the millisecond") {
  struct Row {
    Evidence Activity::*kind;
    net::Duration ago;
    Use use;
  };
  const Row rows[] = {
      {&Activity::human, 0ms, Use::human},          {&Activity::human, 15min, Use::human},
      {&Activity::human, 15min + 1ms, Use::idle},   {&Activity::human, -1h, Use::human},
      {&Activity::work, 3min, Use::work},           {&Activity::work, 3min + 1ms, Use::idle},
      {&Activity::connected, 3min, Use::connected}, {&Activity::connected, 3min + 1ms, Use::idle},
  };
  for (const auto& row : rows) {
    INFO(row.ago.count());
    auto activity = unused();
    activity.*row.kind = {judged_at - row.ago, "something"};
    CHECK(judge(activity, plain(), {}, judged_at).use == row.use);
    activity.heard = judged_at - silence;
    CHECK(judge(activity, plain(), {}, judged_at).use == row.use);
    activity.heard -= 1ms;
    CHECK(judge(activity, plain(), {}, judged_at).use == Use::unknown);
  }
}

TEST_CASE("a lease is work until it ends, a person's or the workspace's own") {
  auto standing = plain();
  const std::pair<net::Duration, Use> rows[] = {{1ms, Use::work}, {0ms, Use::idle}, {-1ms, Use::idle}};
  for (const auto& [left, use] : rows) {
    standing.keep = judged_at + left;
    CHECK(judge(unused(), standing, {}, judged_at).use == use);
    CHECK(judge(leased(judged_at + left), plain(), {}, judged_at).use == use);
  }
}

TEST_CASE("people come before work, work before an open tab") {
  auto activity = typed(judged_at);
  activity.work = activity.connected = {judged_at, "something"};
  CHECK(judge(activity, plain(), {}, judged_at).use == Use::human);
  activity.human = {};
  CHECK(judge(activity, plain(), {}, judged_at).use == Use::work);
  activity.work = {};
  CHECK(judge(activity, plain(), {}, judged_at).use == Use::connected);
}

TEST_CASE("the end of a paid hour, less five minutes, is what a stop is put to") {
  const std::pair<net::Duration, net::Duration> rows[] = {
      {-24h, 55min},         {0ms, 55min},           {55min, 55min},
      {55min + 1ms, 115min}, {60min, 115min},        {115min - 1ms, 115min},
      {115min, 115min},      {115min + 1ms, 175min}, {24h, 24h + 55min},
  };
  for (const auto& [time, end] : rows) CHECK(before_paid_hour(made, made + time) == made + end);
}

TEST_CASE(
    "an idle workspace is reminded after 30 minutes, warned, and stopped before the next hour is paid") {
  CHECK(stopped(unused()) == "idle 115 warn 105 remind 30");
  CHECK(stopped(typed(made + 55min)) == "idle 115 warn 105 remind 85");
  CHECK(stopped(typed(made + 55min + 1ms)).starts_with("idle 175 warn 165 remind 85.0"));
  CHECK(stopped(typed(made + 60min)) == "idle 175 warn 165 remind 90");
  auto activity = unused();
  activity.work = {made + 3h, "running: make"};
  CHECK(stopped(activity) == "idle 295 warn 285 remind 210");
  activity = unused();
  activity.since = made + 3h;
  CHECK(stopped(activity) == "idle 295 warn 285 remind 210");
}

TEST_CASE("an open tab counts for as long as it is open, one grace period at most") {
  const std::pair<net::Duration, net::Duration> rows[] = {
      {-5min, 0min}, {0min, 0min}, {5min, 5min}, {10min, 10min}, {10min + 1ms, 10min}, {600min, 10min}};
  for (const auto& [open, counted] : rows) {
    auto activity = typed(made + 30min);
    activity.connected = {made + 30min + open, "an open editor"};
    CHECK(judge(activity, plain(), {}, judged_at).idle_since == made + 30min + counted);
  }
}

TEST_CASE("leases, extensions and moved stops put a stop off, each as far as it goes") {
  CHECK(stopped(leased(made + 5h)) == "idle 415 warn 405 remind 330");
  auto standing = plain();
  standing.keep = made + 5h;
  CHECK(stopped(unused(), standing) == "idle 415 warn 405 remind 330");
  standing = plain();
  standing.extend = made + 3h;
  CHECK(stopped(unused(), standing) == "idle 235 warn 225");
  standing.extend = made + 235min;
  CHECK(stopped(unused(), standing) == "idle 235 warn 225");
  standing.moved = made + 175min;
  CHECK(stopped(unused(), standing) == "idle 235 warn 225");
  standing.extend.reset();
  CHECK(stopped(unused(), standing) == "idle 175 warn 165 remind 30");
}

TEST_CASE("`until` and the end of working hours are not moved to the end of a paid hour") {
  auto standing = plain();
  standing.until = made + 150min;
  CHECK(stopped(unused(), standing) == "until 150 warn 140");
  CHECK(stopped(typed(made + 10h), standing) == "until 150 warn 140");
  standing.extend = made + 3h;
  CHECK(stopped(unused(), standing) == "until 180 warn 170");
  CHECK(stopped(leased(made + 4h), standing) == "until 240 warn 230");
  standing = plain();
  standing.closing = made + 90min;
  CHECK(stopped(typed(made + 10h), standing) == "closing 90 warn 80");
  standing.keep = made + 2h;
  CHECK(stopped(unused(), standing) == "closing 120 warn 110");
  standing = plain();
  standing.closing = made + 180min;
  CHECK(stopped(unused(), standing) == "idle 115 warn 105 remind 30");
  standing.closing = made + 115min;
  CHECK(stopped(unused(), standing) == "idle 115 warn 105 remind 30");
  standing.closing = made + 90min;
  standing.moved = made + 150min;
  CHECK(stopped(unused(), standing) == "closing 150 warn 140");
  CHECK(stopped(typed(made + 10h), standing) == "closing 150 warn 140");
}

TEST_CASE("nothing keeps it up beyond the cap") {
  CHECK(stopped(typed(made + 21h + 55min)) == "idle 1375 warn 1365 remind 1345");
  CHECK(stopped(typed(made + 21h + 55min + 1ms)) == "cap 1435 warn 1425");
  CHECK(stopped(leased(made + 300h)) == "cap 1435 warn 1425");
  CHECK(stopped(leased(net::Time(100'000'000'000s))) == "cap 1435 warn 1425");
  auto standing = plain();
  standing.until = made + 24h;
  CHECK(stopped(unused(), standing) == "cap 1435 warn 1425");
  standing = plain();
  standing.extend = standing.keep = standing.moved = made + 48h;
  CHECK(stopped(unused(), standing) == "cap 1435 warn 1425");
}

TEST_CASE("the cap does not begin an hour that would be paid for its first minutes") {
  const auto at = [](net::Duration cap) {
    IdlePolicy policy;
    policy.hard_cap = cap;
    return (judge(leased(made + 300h), plain(), policy, judged_at).stop - made) / 1min;
  };
  CHECK(at(24h) == 1435);
  CHECK(at(24h + 4min) == 1435);
  CHECK(at(24h + 5min) == 1445);
  CHECK(at(90min) == 90);
  CHECK(at(115min) == 115);
  CHECK(at(116min) == 115);
  CHECK(at(1h) == 55);
}

TEST_CASE("silence is not idleness: nothing but the cap stops what is not heard of") {
  auto standing = plain();
  CHECK(stopped(unused(judged_at - silence)) == "idle 115 warn 105 remind 30");
  const auto silent = unused(judged_at - silence - 1ms);
  CHECK(stopped(silent) == "cap 1435 warn 1425");
  standing.until = standing.closing = made + 150min;
  CHECK(stopped(silent, standing) == "cap 1435 warn 1425");
  const auto again = with_report(silent, signalled(), judged_at);
  CHECK(stopped(again) == "idle 835 warn 825 remind 750");
}

TEST_CASE("a stop costs the hours that were begun when idleness was over, and none more") {
  const auto begun = [](net::Time time) { return (time - made) / 1h + 1; };
  for (auto last = made; last < made + 20h; last += 1min) {
    const auto over = last + IdlePolicy().stop;
    const auto stop = judge(typed(last), plain(), {}, judged_at).stop;
    const bool is_late = (over - made) % 1h > 55min;
    CHECK(begun(stop + 5min - 1ms) == begun(over) + (is_late ? 1 : 0));
  }
}

TEST_CASE("why: each signal, what it was, and what it speaks for") {
  auto activity = typed(judged_at - 20min);
  activity.work = {judged_at - 1min, "running: make"};
  activity.jobs = {"make"};
  activity.cpu = 3.254;
  activity.io = 4'000'000;
  activity.busy = 1;
  activity.dirty = {"app", "lib"};
  activity.leases.push_back({"make-17", judged_at + 5min});
  auto standing = plain();
  standing.keep = judged_at - 1h;
  std::string text;
  for (const auto& reason : reasons_of(activity, standing, judged_at))
    text += fmt::format("{}: {} · {} · {}\n", reason.signal, reason.value,
                        reason.at ? fmt::format("{}", Minutes(judged_at - *reason.at).count()) : "never",
                        name_of(reason.use));
  CHECK(text == R"(last report:  · 0 · idle
people: keystroke on pts/0 · 20 · idle
work: running: make · 1 · work
load: 3.25 cores, 4.0 MB/s · 0 · work
lease on it: make-17 · -5 · work
lease: keep · 60 · idle
connections: none seen · never · idle
uncommitted or unpushed: app, lib · 0 · idle
)");
  const auto silent = reasons_of(unused(judged_at - 1h), plain(), judged_at);
  CHECK(std::string(name_of(silent.at(0).use)) == "unknown");
  CHECK(silent.at(1).value == "nobody has typed yet");
  CHECK(std::string(name_of(Use::connected)) == "connected only");
  CHECK(std::string(name_of(Use::human)) == "in use");
}
