#include "tests/catch.hpp"
#include "tests/weeks/crash.hpp"

using namespace weeks;

namespace {

/// From Monday, 19 October 2026 on, in Berlin, where summer time ends on the first Sunday.
Setting two_deleted() {
  Setting setting;
  setting.script = {
      {"1 mon 09:00", "alice", "says !devbox up"},
      {"1 mon 09:30", "alice", "says !devbox down"},
      {"1 mon 10:00", "alice", "says !devbox delete main"},
      {"1 mon 10:01", "alice", "says !devbox yes"},
      {"1 mon 11:00", "bob", "says !devbox up"},
      {"1 mon 11:10", "bob", "says !devbox delete main"},
      {"1 mon 11:11", "bob", "says !devbox yes"},
      {"1 sun 12:30", "bob", "says !devbox undelete main"},
  };
  return setting;
}

/// What was said of the trash, with its minutes: each message up to its first full stop or colon.
Texts of_the_trash(const Weeks& story) {
  Texts all;
  for (const auto& one : story.said()) {
    const bool is_of_it = one.text.starts_with("! ") || one.text.find(" for good") != std::string::npos ||
                          one.text.find(" is back") != std::string::npos;
    if (is_of_it && !one.text.starts_with("Delete "))
      all.push_back(story.calendar().text(one.at) + " " + one.text.substr(0, one.text.find(": ")));
  }
  return all;
}

std::size_t volumes(Weeks& story) { return story.ask("GET", "/v1/volumes")["volumes"].size(); }

}  // namespace

TEST_CASE("a week in the trash: told a day before, deleted for good, and the other brought back in time") {
  Weeks story(two_deleted());
  story.run_until("2 mon 09:00");
  CHECK(volumes(story) == 2);
  story.run_until("2 wed 12:00");
  // Seven times 24 hours end an hour earlier by the clock of the winter.
  CHECK(of_the_trash(story) ==
        Texts{"1 mon 10:01 ✓ alice is in the trash until 2026-10-26 09:01, then deleted for good",
              "1 mon 11:11 ✓ bob is in the trash until 2026-10-26 10:11, then deleted for good",
              "1 sun 09:01 ! alice is in the trash until Mon 09:01, then deleted for good",
              "1 sun 10:11 ! bob is in the trash until Mon 10:11, then deleted for good",
              "1 sun 12:30 ✓ bob is back", "2 mon 09:01 ✓ alice is deleted for good"});
  CHECK(volumes(story) == 1);
  CHECK(story.storage().workspaces.all().size() == 1);
  CHECK(story.storage().holdings.open().size() == 2);
}

TEST_CASE("a bot that was away tells it late, and deletes a day after that") {
  Weeks story(two_deleted());
  story.run_until("1 sat 12:00");
  story.sleep_until("2 tue 15:00");
  story.run_until("2 thu 12:00");
  const auto said = of_the_trash(story);
  REQUIRE(said.size() >= 5);
  CHECK(said.at(2) == "2 tue 15:00 ! alice is in the trash until Wed 15:00, then deleted for good");
  CHECK(said.back() == "2 wed 15:00 ✓ alice is deleted for good");
  CHECK(volumes(story) == 1);
}

TEST_CASE("a process that dies anywhere near the end of the trash tells it once and deletes the same",
          "[again]") {
  auto setting = two_deleted();
  setting.script.resize(4);  // alice's
  const auto all = tell_with_crashes(setting, "trash:*", "2 tue 00:00");
  CHECK(all.size() > 2);
  for (std::size_t run = 1; run < all.size(); ++run) {
    CAPTURE(run, all.at(run).crashes);
    CHECK(all.at(run).said == all.at(0).said);
    CHECK(all.at(run).servers == all.at(0).servers);
  }
}
