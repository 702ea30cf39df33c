#include "tests/weeks/crash.hpp"

#include <cstdio>

#include "tests/catch.hpp"

using namespace weeks;

namespace {

/// Stops that come by themselves, which is what a reminder is, too: written by the clock, and sent.
Setting two_days() {
  Setting setting;
  setting.script = {
      {"1 mon 09:00", "alice", "says !devbox up"},
      {"1 mon 09:02", "alice", "types until 12:00"},
      {"1 mon 09:05", "alice", "says !devbox down in 3h"},
      {"1 mon 10:00", "bob", "says !devbox up cpx42"},
      {"1 mon 10:02", "bob", "builds until 14:00"},
      {"1 mon 10:30", "bob", "says !devbox down in 4h"},
      {"1 tue 09:00", "alice", "says !devbox up"},
      {"1 tue 09:30", "alice", "says !devbox down in 20m"},
      {"1 tue 09:40", "alice", "says !devbox cancel"},
      {"1 tue 12:00", "alice", "says !devbox down"},
  };
  return setting;
}

}  // namespace

TEST_CASE("a story that is told twice is the same") {
  std::vector<Texts> told;
  for (int time = 0; time < 2; ++time) {
    Weeks story(two_days());
    story.run_until("1 wed 00:00");
    told.push_back(transcript(story));
    const auto all = servers(story);
    told.back().insert(told.back().end(), all.begin(), all.end());
  }
  CHECK(told.at(0).size() > 15);
  CHECK(told.at(0) == told.at(1));
}

TEST_CASE("a process that dies at any boundary of any message says the same, once, and bills the same",
          "[again]") {
  const auto all = tell_with_crashes(two_days(), "*", "1 wed 00:00");
  CHECK(all.size() > 3);
  CHECK(all.at(1).crashes >= 16);
  int crashes = 0;
  for (std::size_t run = 1; run < all.size(); ++run) {
    crashes += all.at(run).crashes;
    CAPTURE(run, all.at(run).crashes);
    CHECK(all.at(run).said == all.at(0).said);
    CHECK(all.at(run).servers == all.at(0).servers);
  }
  std::printf("%d crashes at boundaries, in %zu stories\n", crashes, all.size() - 1);
}
