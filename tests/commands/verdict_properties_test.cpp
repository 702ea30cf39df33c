#include <functional>

#include "commands/verdict.hpp"
#include "net/random.hpp"
#include "tests/catch.hpp"
#include "tests/commands/signals.hpp"

/// What holds for whatever workspaces report; the seed of a failure is this one and the round.
using namespace commands;
using namespace commands::test;
using nlohmann::json;

namespace {

constexpr std::uint64_t history_seed = 20261127;
constexpr int history_rounds = 3000;

struct Arrival {
  net::Time at;
  json report;
};
/// All that a verdict rests on.
struct History {
  std::vector<Arrival> arrivals;
  Standing standing;
  IdlePolicy policy;
  net::Time now;
};

Activity folded(const History& history) {
  auto activity = unheard(made);
  for (const auto& [at, report] : history.arrivals) activity = with_report(activity, report, at);
  return activity;
}
Verdict judged(const History& history) {
  return judge(folded(history), history.standing, history.policy, history.now);
}

/// Around the end of an hour it is five minutes before that, so that another is not paid.
net::Time cap_of(const History& history) {
  const auto cap = history.policy.hard_cap;
  const auto hour = std::chrono::round<std::chrono::hours>(cap);
  return made + (std::chrono::abs(cap - hour) < 5min ? hour - 5min : cap);
}

/// Makes histories up.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed) {}

  History history() {
    History history;
    history.policy.remind = minutes(5, 60);
    history.policy.stop = minutes(10, 120);
    history.policy.grace = minutes(1, 20);
    history.policy.hard_cap = minutes(120, 2880);
    auto at = made;
    for (auto left = 1 + random_.below(40); left > 0; --left) {
      at += gap();
      history.arrivals.push_back({at, report(at)});
    }
    history.now = at + 1ms * static_cast<std::int64_t>(random_.below(600'000));
    history.standing = standing();
    return history;
  }

  /// The same with one more sign of use in it.
  History with_more(History history) {
    auto& standing = history.standing;
    const auto later = [&](std::optional<net::Time>& hold) {
      hold = std::max(hold.value_or(made), made + minutes(0, 2000));
    };
    switch (random_.below(10)) {
      case 0:
        later(standing.keep);
        return history;
      case 1:
        later(standing.extend);
        return history;
      case 2:
        later(standing.moved);
        return history;
      default:
        break;
    }
    auto& [at, report] = history.arrivals[random_.below(history.arrivals.size())];
    if (report.contains("logins")) add_sign(report, at);
    return history;
  }

  net::Duration minutes(std::int64_t least, std::int64_t most) {
    return std::chrono::minutes(least) + 1ms * static_cast<std::int64_t>(random_.below(
                                                   static_cast<std::uint64_t>(most - least) * 60'000 + 1));
  }
  bool one_in(std::uint64_t many) { return random_.below(many) == 0; }
  std::size_t below(std::size_t bound) { return random_.below(bound); }

 private:
  /// Mostly a minute, now and then silence, or a clock that is set.
  net::Duration gap() {
    if (one_in(30)) return minutes(5, 300);
    if (one_in(60)) return -minutes(0, 60);
    return one_in(5) ? minutes(2, 5) : 50s + minutes(0, 1) / 3;
  }

  Standing standing() {
    Standing standing;
    standing.created = made;
    for (auto* hold : {&standing.keep, &standing.extend, &standing.until, &standing.closing, &standing.moved})
      if (one_in(4)) *hold = made + minutes(0, 2000);
    return standing;
  }

  json report(net::Time at) {
    if (one_in(20)) return {{"stage", "ready"}, {"boot_id", one_in(2) ? "a" : "b"}};
    auto report = signalled(one_in(10) ? R"("boot_id":"b")" : R"("boot_id":"a")");
    for (auto signs = below(4); signs > 0; --signs) add_sign(report, at);
    return report;
  }

  void add_sign(json& report, net::Time at) {
    const auto idle_s = static_cast<double>(below(10'000));
    switch (below(8)) {
      case 0:
        report["logins"].push_back({{"tty", "pts/1"}, {"idle", idle_s}});
        break;
      case 1:
        report["tmux_idle"] = std::min(idle_s, report.value("tmux_idle", 1e9));
        break;
      case 2:
        report["editor"]["bytes"] = 9000;
        break;
      case 3:
        report["editor"]["heartbeat_ms"] = at.time_since_epoch().count();
        break;
      case 4:
        report["jobs"].push_back("make");
        break;
      case 5:
        report["leases"].push_back(lease_until(at + minutes(0, 600)));
        break;
      case 6:
        report["cpu"] = 3.2;
        break;
      default:
        report["io"] = 4e6;
    }
  }

  net::Random random_;
};

void for_each_history(const std::function<void(Writer&, const History&)>& check) {
  Writer writer(history_seed);
  for (int round = 0; round < history_rounds; ++round) {
    INFO("round " << round);
    check(writer, writer.history());
  }
}

}  // namespace

TEST_CASE("more activity never makes a stop earlier, nor a workspace less in use") {
  for_each_history([](Writer& writer, const History& history) {
    auto more = history;
    auto before = judged(history);
    for (int signs = 0; signs < 3; ++signs) {
      more = writer.with_more(more);
      const auto after = judged(more);
      REQUIRE(after.stop >= before.stop);
      REQUIRE(after.idle_since >= before.idle_since);
      REQUIRE(after.use >= before.use);
      before = after;
    }
  });
}

TEST_CASE("silence never stops before the cap, and counts as use when it ends") {
  for_each_history([](Writer& writer, const History& history) {
    auto silent = history;
    const auto heard = folded(history).heard;
    silent.now = heard + silence + 1ms + writer.minutes(0, 3000);
    const auto verdict = judged(silent);
    REQUIRE(verdict.use == Use::unknown);
    REQUIRE(verdict.cause == Cause::cap);
    REQUIRE(verdict.stop == cap_of(history));
    silent.arrivals.push_back({silent.now, signalled()});
    REQUIRE(judged(silent).use != Use::unknown);
    REQUIRE(judged(silent).idle_since >= silent.now);
  });
}

TEST_CASE("a lease holds up to the cap, a person's and the workspace's own") {
  for_each_history([](Writer& writer, const History& history) {
    const auto cap = cap_of(history);
    const auto until = std::chrono::floor<std::chrono::seconds>(history.now + writer.minutes(0, 4000));
    auto kept = history;
    kept.standing.keep = until;
    REQUIRE(judged(kept).stop >= std::min<net::Time>(until, cap));
    auto leased = history;
    auto report = signalled();
    report["leases"].push_back(lease_until(until));
    leased.arrivals.push_back({history.now, report});
    REQUIRE(judged(leased).stop >= std::min<net::Time>(until, cap));
    REQUIRE((judged(leased).use == Use::work || judged(leased).use == Use::human));
  });
}

TEST_CASE("a stop for idleness is late enough, at the end of a paid hour, and announced") {
  int idle_stops = 0, reminded = 0;
  for_each_history([&](Writer&, const History& history) {
    const auto verdict = judged(history);
    const auto cap = cap_of(history);
    REQUIRE(verdict.stop <= cap);
    REQUIRE(verdict.warn == verdict.stop - history.policy.grace);
    REQUIRE((verdict.cause == Cause::cap) == (verdict.stop == cap));
    if (verdict.remind) REQUIRE(*verdict.remind < verdict.warn);
    if (verdict.cause != Cause::idle) {
      REQUIRE_FALSE(verdict.remind);
      return;
    }
    ++idle_stops;
    reminded += verdict.remind ? 1 : 0;
    REQUIRE((verdict.stop - made + 5min) % 1h == 0ms);
    REQUIRE(verdict.stop > made);
    const auto floor =
        std::max(history.standing.extend.value_or(made), history.standing.moved.value_or(made));
    const auto earliest = std::max(verdict.idle_since + history.policy.stop, floor);
    REQUIRE(verdict.stop >= earliest);
    REQUIRE((verdict.stop - 1h < earliest || verdict.stop == made + 55min));
  });
  CHECK(idle_stops > history_rounds / 20);
  CHECK(reminded > history_rounds / 50);
}

TEST_CASE("what reports have come to is the same after it was stored and read again") {
  for_each_history([](Writer& writer, const History& history) {
    auto activity = unheard(made);
    const auto restart = writer.below(history.arrivals.size());
    for (std::size_t n = 0; n < history.arrivals.size(); ++n) {
      if (n == restart) activity = json::parse(json(activity).dump()).get<Activity>();
      activity = with_report(activity, history.arrivals[n].report, history.arrivals[n].at);
    }
    REQUIRE(activity == folded(history));
  });
}
