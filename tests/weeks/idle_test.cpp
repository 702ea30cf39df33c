#include <algorithm>
#include <cstdio>
#include <ctime>

#include "tests/catch.hpp"
#include "tests/weeks/crash.hpp"
#include "tests/weeks/five_people.hpp"

using namespace weeks;

namespace {

std::vector<Reminder> reminders(const Weeks& story) {
  std::vector<Reminder> all;
  for (const auto& one : story.said())
    if (one.key.starts_with("idle/"))
      all.push_back({story.calendar().text(one.at), one.room, one.key.substr(one.key.rfind('/') + 1)});
  return all;
}

template <class Rows>
Rows sorted(Rows rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// Silence is seen when everything is looked at, once a minute: five minutes and a little after the last
/// report.
Texts shown(const std::vector<Reminder>& all) {
  Texts lines;
  for (const auto& one : all) {
    const auto when = one.stage == "silence" ? one.when.substr(0, one.when.size() - 1) + "x" : one.when;
    lines.push_back(when + " " + one.who + ": " + one.stage);
  }
  return sorted(lines);
}

std::string last_of(const Weeks& story, const std::string& person) {
  std::string text;
  for (const auto& one : story.said())
    if (one.room == person) text = one.text;
  return text;
}

}  // namespace

TEST_CASE("five people over four weeks: every reminder, every stop, every bill", "[idle][again]") {
  const auto begin = std::clock();
  Weeks story(five_people());
  const auto check_month = [&](const std::string& name, std::string Months::*spent) {
    for (const auto& person : months_of_five())
      CHECK_THAT(last_of(story, person.who),
                 Catch::Matchers::Contains("\n  " + name + ": ") &&
                     Catch::Matchers::Contains("(servers " + person.*spent + ", "));
  };
  story.run_until("3 sun 00:59");
  check_month("October", &Months::october);
  story.run_until("4 sun 23:59");
  check_month("November", &Months::november);
  story.run_until("5 mon 09:00");
  std::printf("five people, four weeks: %.1f s of one core\n",
              static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  CHECK(shown(reminders(story)) == shown(reminders_of_five()));
  for (const auto& one : story.said())
    if (one.key.ends_with("/silence"))
      CHECK_THAT(one.text, Catch::Matchers::Contains("In the last ten minutes Hetzner measured 0.15 cores"));
  CHECK(sorted(servers(story)) == sorted(servers_of_five()));
}

TEST_CASE("a process that dies at every boundary of every reminder says the same, each once",
          "[idle][again]") {
  const std::string end = "1 tue 12:00";
  {
    Weeks story(a_day_of_reminders());
    story.run_until(end);
    CHECK(shown(reminders(story)) == Texts{
                                         "1 mon 10:10 carol: idle",
                                         "1 mon 10:30 alice: idle",
                                         "1 mon 11:15 carol: last",
                                         "1 mon 11:25 carol: moved",
                                         "1 mon 11:45 alice: last",
                                         "1 mon 12:0x dave: silence",
                                         "1 mon 12:15 carol: last",
                                         "1 tue 09:45 dave: last",
                                     });
  }
  const auto all = tell_with_crashes(a_day_of_reminders(), "idle/*", end);
  REQUIRE(all.size() > 3);
  CHECK(all.at(1).crashes == 8);
  int crashes = 0;
  for (std::size_t run = 1; run < all.size(); ++run) {
    crashes += all.at(run).crashes;
    CAPTURE(run, all.at(run).crashes);
    CHECK(all.at(run).said == all.at(0).said);
    CHECK(all.at(run).servers == all.at(0).servers);
  }
  std::printf("%d crashes at boundaries, in %zu stories\n", crashes, all.size() - 1);
}

TEST_CASE("a day that is reported over HTTP is told as one that is not", "[idle]") {
  std::vector<Texts> told;
  for (const auto* wired_to : {"1 mon 00:00", "1 tue 12:00"}) {
    auto setting = five_people();
    setting.wired_to = wired_to;
    Weeks story(setting);
    story.run_until("1 tue 12:00");
    told.push_back(sorted(transcript(story)));
    CHECK((story.posted() > 1000) == (told.size() == 2));
  }
  CHECK(told.at(0) == told.at(1));
}
