#include "hetzner/simulator/workload.hpp"

#include "tests/catch.hpp"

using namespace hetzner::simulator;
using namespace std::chrono_literals;

namespace {

const net::Time left_at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 9h;

Behaviour behaving(const std::string& report) {
  Behaviour behaviour;
  behaviour.report = report;
  return behaviour;
}

}  // namespace

TEST_CASE("somebody is at work as long as nobody said otherwise") {
  for (const auto later : {net::Duration(), net::Duration(1s), net::Duration(240h)})
    CHECK(Behaviour().idle_at(left_at + later) == 0);
  const auto load = workload({}, left_at + 240h);
  CHECK(load.typed_s == 0);
  CHECK(load.cores == 0.15);
  CHECK(load.editor_bytes == 5000);
}

TEST_CASE("the last sign of a person grows older") {
  Behaviour behaviour;
  behaviour.idle_s = 900;
  CHECK(behaviour.idle_at(left_at) == 900);
  behaviour.idle_from = left_at;
  const std::pair<net::Duration, std::int64_t> rows[] = {{0s, 900},  {999ms, 900}, {1s, 901},   {-1s, 899},
                                                         {-900s, 0}, {-24h, 0},    {24h, 87300}};
  for (const auto& [later, idle] : rows) CHECK(behaviour.idle_at(left_at + later) == idle);
  CHECK(workload(behaviour, left_at).cores == 0.01);
  CHECK(workload(behaviour, left_at).beat_s == 900);
  CHECK(workload(behaviour, left_at - 841s).cores == 0.15);
}

TEST_CASE("what goes on follows from the word of the behaviour") {
  struct Row {
    const char* report;
    double cores;
    std::int64_t bytes;
    bool person, editor, makes, leased;
  };
  const Row rows[] = {
      {"ok", 0.15, 5000, true, true, false, false},  {"silent", 0.15, 5000, true, true, false, false},
      {"busy", 3.2, 5000, true, true, true, false},  {"tab", 0.01, 900, false, true, false, false},
      {"build", 3.2, 0, false, false, true, false},  {"silent_build", 3.2, 0, false, false, true, false},
      {"lease", 0.01, 0, false, false, false, true},
  };
  for (const auto& row : rows) {
    INFO(row.report);
    const auto load = workload(behaving(row.report), left_at);
    CHECK(load.cores == row.cores);
    CHECK(load.editor_bytes == row.bytes);
    CHECK(load.typed_s.has_value() == row.person);
    CHECK(load.beat_s.has_value() == row.editor);
    CHECK(load.makes == row.makes);
    CHECK(load.leased == row.leased);
  }
}
