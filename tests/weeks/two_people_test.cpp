#include <cstdio>
#include <ctime>

#include "tests/catch.hpp"
#include "tests/weeks/ledger.hpp"

using namespace weeks;

namespace {

using Person = std::string;

const std::vector<Person> people = {"alice", "bob"};

/// From Monday, 19 October 2026 on: summer time ends in the night to the first Sunday, October on the second
/// at one o'clock.
Setting two_people() {
  Setting setting;
  auto& script = setting.script;
  for (const std::string week : {"1 ", "2 "})
    for (const std::string day : {"mon", "tue", "wed", "thu", "fri"}) {
      script.push_back({week + day + " 09:00", "alice", "says !devbox up"});
      script.push_back({week + day + " 09:02", "alice", "types until 12:00"});
      script.push_back({week + day + " 12:45", "alice", "types until 16:50"});
      script.push_back({week + day + " 16:58", "alice", "says !devbox down"});
    }
  const std::vector<Row> bob = {
      {"1 mon 10:00", "bob", "says !devbox up cpx42"},
      {"1 mon 10:05", "bob", "says !devbox down in 20m"},
      {"1 sat 22:00", "bob", "says !devbox up cpx42"},
      {"1 sat 22:05", "bob", "builds until sun 04:00"},
      {"1 sun 04:58", "bob", "says !devbox down"},
      {"2 tue 20:00", "bob", "says !devbox up cpx42"},
      {"2 tue 20:05", "bob", "builds until wed 01:00"},
      {"2 tue 22:30", "bob", "says !devbox down"},
      {"2 tue 22:35", "bob", "says !devbox no"},
      {"2 wed 01:30", "bob", "says !devbox down"},
      {"2 sat 23:00", "bob", "says !devbox up cpx42"},
      {"2 sat 23:05", "bob", "leaves work until sun 12:00"},
      {"2 sun 03:10", "bob", "says !devbox down in 20m"},
      {"2 sun 03:35", "bob", "says !devbox yes"},
  };
  script.insert(script.end(), bob.begin(), bob.end());
  return setting;
}

std::string answer_to(Weeks& story, const Person& person, const std::string& line) {
  story.say(person, line);
  return story.said().back().text;
}

/// From `from` on the bot's sums and the simulator's are the same; asked at `to`.
void check_cost(Weeks& story, const std::string& from, const std::string& to, const std::string& what,
                const std::string& name) {
  std::vector<Billed> before;
  story.run_until(from);
  for (const auto& person : people) before.push_back(billed(story, person));
  story.run_until(to);
  for (std::size_t at = 0; at < people.size(); ++at) {
    CAPTURE(to, people[at]);
    CHECK_THAT(answer_to(story, people[at], "!devbox cost " + what),
               Catch::Matchers::Contains("\n  " + name + ": " +
                                         cost_text(before[at], billed(story, people[at])) + "\n"));
  }
}

}  // namespace

TEST_CASE("two people over two weeks: what a day costs is what is billed, over a change of summer time") {
  const auto begin = std::clock();
  Weeks story(two_people());
  for (const std::string week : {"1 ", "2 "})
    for (const std::string day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
      check_cost(story, week + day + " 00:00", week + day + " 23:59", "today", "today");
  std::printf("two people, two weeks: %.1f s of one core\n",
              static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
}

TEST_CASE("two people over two weeks: servers, questions and months") {
  Weeks story(two_people());
  story.run_until("2 sun 00:59");
  // 80 h of €0.0569; 1 + 8 + 6 h of €0.1114, and two of those that go on into November.
  CHECK_THAT(answer_to(story, "alice", "!devbox cost month"),
             Catch::Matchers::Contains("\n  October: ") && Catch::Matchers::Contains("(servers €4.55, "));
  CHECK_THAT(answer_to(story, "bob", "!devbox cost month"),
             Catch::Matchers::Contains("\n  October: ") && Catch::Matchers::Contains("(servers €1.89, "));
  check_cost(story, "2 sun 01:00", "2 sun 23:59", "month", "November");
  Texts of_bob;
  for (const auto& line : servers(story))
    if (line.starts_with("bob")) of_bob.push_back(line);
  CHECK(of_bob == Texts{
                      "bob 1 mon 10:00 – 1 mon 10:25, 1 h, 0.1114",
                      "bob 1 sat 22:00 – 1 sun 04:58, 8 h, 0.8912",
                      "bob 2 tue 20:00 – 2 wed 01:30, 6 h, 0.6684",
                      "bob 2 sat 23:00 – 2 sun 01:55, 3 h, 0.3342",
                  });
  CHECK(servers(story).size() == 14);
}
