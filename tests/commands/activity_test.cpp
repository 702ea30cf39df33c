#include "commands/activity.hpp"

#include "tests/catch.hpp"
#include "tests/commands/signals.hpp"

using namespace commands;
using namespace commands::test;
using nlohmann::json;

namespace {

const net::Time first_minute = made + 1min;

/// After one report, a minute after the start.
Activity after_report(const json& report) { return with_report(unheard(made), report, first_minute); }
Activity after_one(const std::string& members) { return after_report(signalled(members)); }

/// An editor whose last beat, by the workspace's clock, was so long before the report.
json beaten(net::Duration ago) {
  auto report = signalled();
  report["editor"]["heartbeat_ms"] = (first_minute - ago).time_since_epoch().count();
  return report;
}

/// A report a minute with these cores.
Activity after_minutes(const std::vector<double>& cores) {
  auto activity = unheard(made);
  auto at = made;
  for (const auto each : cores) {
    auto report = signalled();
    report["cpu"] = each;
    activity = with_report(activity, report, at += 1min);
  }
  return activity;
}

}  // namespace

TEST_CASE("each signal is evidence of its kind, as old as it says") {
  struct Row {
    const char* members;
    Evidence Activity::*kind;
    net::Duration ago;
    const char* what;
  };
  const Row rows[] = {
      {R"("logins":[{"tty":"pts/0","idle":30}])", &Activity::human, 30s, "keystroke on pts/0"},
      {R"("logins":[{"tty":"pts/0","idle":30}])", &Activity::connected, 0s, "a login on pts/0"},
      {R"("logins":[{"tty":"pts/0","idle":90},{"tty":"pts/1","idle":7}])", &Activity::human, 7s,
       "keystroke on pts/1"},
      {R"("logins":[{"idle":0.5}])", &Activity::human, 500ms, "keystroke on a terminal"},
      {R"("tmux_idle":90)", &Activity::human, 90s, "keystroke in tmux"},
      {R"("editor":{"bytes":8192})", &Activity::human, 0s, "traffic of the editor"},
      {R"("jobs":["make","ninja"])", &Activity::work, 0s, "running: make, ninja"},
      {R"("leases":[{"id":"make-17","until":1795597200}])", &Activity::work, 0s, "lease make-17"},
  };
  for (const auto& row : rows) {
    INFO(row.members);
    const auto activity = after_one(row.members);
    CHECK(activity.*row.kind == Evidence{first_minute - row.ago, row.what});
  }
}

TEST_CASE("what says nothing of people or work is evidence of nothing") {
  const char* rows[] = {"", R"("editor":{"bytes":8191})", R"("cpu":3,"io":9e6)", R"("dirty":["app"])",
                        R"("disk":99,"memory":99)"};
  for (const auto* members : rows) {
    INFO(members);
    const auto activity = after_one(members);
    CHECK(activity.human == Evidence{});
    CHECK(activity.work == Evidence{});
    CHECK(activity.connected == Evidence{});
    CHECK(activity.heard == first_minute);
  }
}

TEST_CASE("an editor is open while its heart beats, by a clock that is right to two minutes") {
  const std::pair<net::Duration, bool> rows[] = {
      {0s, true},     {2min - 1ms, true}, {2min, false}, {5min, false}, {-2min + 1ms, true},
      {-2min, false}, {-60min, false},    {24h, false},  {-24h, false}, {1min, true},
  };
  for (const auto& [ago, open] : rows) {
    INFO(ago.count());
    const auto seen = after_report(beaten(ago)).connected;
    CHECK(seen == (open ? Evidence{first_minute, "an open editor"} : Evidence{}));
  }
}

TEST_CASE("odd values are cut to what can be, and other types say nothing") {
  CHECK(after_one(R"("logins":[{"tty":"pts/0","idle":-5}])").human.at == first_minute);
  CHECK(after_one(R"("tmux_idle":1e300)").human.at == first_minute - 366 * 24h);
  CHECK(after_one(R"("cpu":-3,"io":-1)").cpu == 0);
  CHECK(after_one(R"("cpu":1e300)").cpu == 1024);
  CHECK(after_one(R"("io":1e300)").io == 1e12);
  CHECK(after_one(R"("editor":{"bytes":1e300})").editor_bytes == 1e12);
  CHECK(after_one(R"("disk":1e300,"memory":-1)").disk == 100);
  CHECK(after_one(R"("disk":1e300,"memory":-1)").memory == 0);
  CHECK(after_one(R"("leases":[{"id":"a","until":1e300}])").leases.at(0).until ==
        net::Time(100'000'000'000s));
  CHECK(after_one(R"("jobs":["make",7,null])").jobs == std::vector<std::string>{"make"});
  const char* nothing[] = {
      R"("logins":[{"tty":"pts/0","idle":"7"}])",
      R"("logins":"many")",
      R"("logins":[7,null,"x",[]])",
      R"("logins":{"tty":"pts/0","idle":7})",
      R"("tmux_idle":null)",
      R"("tmux_idle":true)",
      R"("editor":5)",
      R"("editor":{"bytes":"many","heartbeat_ms":[]})",
      R"("editor":{"bytes":-1,"heartbeat_ms":-1e300})",
      R"("editor":{"heartbeat_ms":1e300})",
      R"("cpu":"3")",
      R"("jobs":{"a":"make"})",
      R"("jobs":"make")",
      R"("leases":[{"id":"a"},{"id":"a","until":-5},{"id":"a","until":0},{"id":"a","until":"x"},5])",
      R"("leases":{"id":"a","until":1795597200})",
      R"("boot_id":5,"dirty":"app","disk":"full")",
  };
  for (const auto* members : nothing) {
    INFO(members);
    auto expected = unheard(made);
    expected.heard = first_minute;
    auto found = after_one(members);
    CHECK((found.cpu == 0 || found.cpu == 0.01));
    found.cpu = 0;
    CHECK(found == expected);
  }
}

TEST_CASE("a report that is no object, or that only tells a stage, is as silent as none") {
  for (const auto* text : {"5", "null", "[]", "\"x\"", "{}", R"({"stage":"volume","state":"ok"})"}) {
    INFO(text);
    CHECK(after_report(json::parse(text)) == unheard(made));
  }
}

TEST_CASE("a load is work once it was high in five of the last ten minutes") {
  const std::pair<std::vector<double>, std::optional<int>> rows[] = {
      {{3, 3, 3, 3}, std::nullopt},     {{3, 3, 3, 3, 3}, 5},
      {{0.2, 0.2, 0.2, 0.2, 0.2}, 5},   {{0.19, 0.19, 0.19, 0.19, 0.19, 0.19}, std::nullopt},
      {{3, 0, 3, 0, 3, 0, 3, 0, 3}, 9}, {{3, 3, 0, 0, 0, 0, 0, 0, 3, 3, 3}, std::nullopt},
      {{3, 3, 3, 3, 3, 0, 0}, 5},
  };
  for (const auto& [cores, minute] : rows) {
    const auto work = after_minutes(cores).work;
    CHECK(work == (minute ? Evidence{made + *minute * 1min, "sustained CPU"} : Evidence{}));
  }
  auto activity = unheard(made);
  for (int second = 1; second < 60; ++second)
    activity = with_report(activity, signalled(R"("cpu":9)"), made + second * 1s);
  CHECK(activity.busy == 1);
  for (int minute = 1; minute < 5; ++minute)
    activity = with_report(activity, signalled(R"("io":2e6)"), made + minute * 1min);
  CHECK(activity.work == Evidence{made + 4min, "sustained disk traffic"});
  CHECK(with_report(activity, signalled(), made + 4min + 32min).busy == 0);
}

TEST_CASE("what is seen later takes the place of what was seen earlier, never the other way round") {
  auto activity = after_one(R"("logins":[{"tty":"pts/0","idle":0}])");
  activity = with_report(activity, signalled(R"("tmux_idle":90)"), first_minute + 1min);
  CHECK(activity.human == Evidence{first_minute, "keystroke on pts/0"});
  activity = with_report(activity, signalled(R"("tmux_idle":59)"), first_minute + 1min);
  CHECK(activity.human == Evidence{first_minute + 1s, "keystroke in tmux"});
}

TEST_CASE("what was done in more than five minutes of silence nobody knows, so it counts as use") {
  const auto activity = after_one("");
  CHECK(with_report(activity, signalled(), first_minute + 5min).since == made);
  CHECK(with_report(activity, signalled(), first_minute + 5min + 1ms).since == first_minute + 5min + 1ms);
  // Stages alone do not end it.
  auto stages = activity;
  for (int minute = 1; minute < 10; ++minute)
    stages = with_report(stages, json{{"stage", "ready"}}, first_minute + minute * 1min);
  CHECK(stages == activity);
  CHECK(with_report(stages, signalled(), first_minute + 10min).since == first_minute + 10min);
}

TEST_CASE("a reboot counts as use and ends what ran") {
  const auto before =
      after_one(R"("boot_id":"a","jobs":["make"],"cpu":3,"leases":[{"id":"k","until":1795597200}])");
  CHECK(before.since == first_minute);
  const auto same = with_report(before, signalled(R"("boot_id":"a")"), made + 3min);
  CHECK(same.since == first_minute);
  CHECK(with_report(same, signalled(), made + 4min).since == first_minute);
  const auto after = with_report(before, json{{"stage", "join"}, {"boot_id", "b"}}, made + 3min);
  CHECK(after.since == made + 3min);
  CHECK(after.jobs.empty());
  CHECK(after.leases.empty());
  CHECK(after.busy == 0);
  CHECK(after.heard == first_minute);
}

TEST_CASE("a lease and a job that ended were work until they were last seen") {
  const auto before = after_one(R"("jobs":["make"],"leases":[{"id":"make-17","until":1795597200}])");
  CHECK(before.leases == std::vector<Lease>{{"make-17", net::Time(1795597200s)}});
  const auto after = with_report(before, signalled(), made + 2min);
  CHECK(after.leases.empty());
  CHECK(after.jobs.empty());
  CHECK(after.work == Evidence{first_minute, "lease make-17"});
  const auto unsaid = with_report(before, json{{"cpu", 0}}, made + 2min);
  CHECK(unsaid.leases == before.leases);
  CHECK(unsaid.jobs == before.jobs);
  CHECK(unsaid.work == before.work);
}

TEST_CASE("a lease that is listed holds even where the workspace's clock is behind") {
  const auto activity = after_one(R"("leases":[{"id":"keep","until":3600}])");
  CHECK(activity.work == Evidence{first_minute, "lease keep"});
}

TEST_CASE("when the bot's clock is set back, nothing was seen later than now") {
  const auto ahead = after_one(R"("logins":[{"tty":"pts/0","idle":0}],"jobs":["make"])");
  const auto back = with_report(ahead, signalled(), made - 60min);
  CHECK(back.human.at == made - 60min);
  CHECK(back.work.at == made - 60min);
  CHECK(back.connected.at == made - 60min);
  CHECK(back.since == made - 60min);
  CHECK(back.heard == made - 60min);
}

TEST_CASE("what others wrote is shown safely and cut") {
  auto report = signalled();
  report["jobs"] = {std::string(300, 'x'), "a\x1b[31mb"};
  report["logins"].push_back({{"tty", "pts\n\x07/0"}, {"idle", 0}});
  const auto activity = after_report(report);
  CHECK(activity.work.what.size() == 120);
  CHECK(activity.jobs.at(1) == "a[31mb");
  CHECK(activity.human.what == "keystroke on pts\n/0");
}

TEST_CASE("an activity comes back from JSON as it was") {
  const auto back = [](const Activity& activity) {
    return json::parse(json(activity).dump()).get<Activity>();
  };
  CHECK(back(unheard(made)) == unheard(made));
  const auto full = after_one(
      R"("logins":[{"tty":"pts/0","idle":3}],"cpu":0.1,"io":1e-300,"jobs":["make"],"dirty":["app"],"disk":12.5,
         "memory":7,"boot_id":"b","leases":[{"id":"ø","until":1795597200}],"editor":{"bytes":900})");
  CHECK(full.boot_id == "b");
  CHECK(back(full) == full);
}
