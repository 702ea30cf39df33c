#include "tests/bot/slack_person.hpp"
#include "tests/catch.hpp"
#include "tests/slack/simulator/simulator.hpp"
#include "tests/world/audit_lines.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

namespace simulator = ::slack::simulator;

/// A workspace of Slack with a channel that the bot is in: UROOT is an operator, everybody else a member.
struct Workspace {
  Workspace() { home.channel(room); }
  Setting setting() {
    auto setting = configured([this](bot::Config& config) {
      config.slack.emplace();
      config.slack->api_url = server.api_url();
      config.slack->app_token = team.app_token;
      config.slack->bot_token = team.bot_token;
      config.slack->per_channel = net::Duration::zero();
      config.settings.policy.members = {"slack:T1/*"};
      config.settings.policy.operators = {"slack:T1/UROOT"};
    });
    setting.meanwhile = [this] {
      io.restart();
      io.poll();
    };
    return setting;
  }
  [[nodiscard]] std::string screen() const { return bot::test::screen_of(team, room); }
  /// The newest message of the bot that has this in it.
  [[nodiscard]] const simulator::Posted& newest(const std::string& text) const {
    for (auto at = team.posts.rbegin(); at != team.posts.rend(); ++at)
      if (at->user == team.bot_user && at->text.find(text) != std::string::npos) return *at;
    throw std::runtime_error("the bot has not said \"" + text + "\"");
  }

  boost::asio::io_context io{1};
  net::SystemClock clock;
  simulator::Team team;
  simulator::Simulator server{io.get_executor(), clock, team};
  simulator::Workspace& home = server.workspace();
  const std::string room = "C1";
};

/// Waits until it is to be seen, so often.
void until_read(World& world, const Workspace& slack, const std::string& text, int times = 1) {
  const auto seen = [&] {
    const auto screen = slack.screen();
    int count = 0;
    for (auto at = screen.find(text); at != std::string::npos; at = screen.find(text, at + 1)) ++count;
    return count >= times;
  };
  try {
    world.until(seen);
  } catch (const std::runtime_error&) {
    FAIL("\"" << text << "\" did not come; on the screen:\n" << slack.screen());
  }
}

}  // namespace

TEST_CASE("a team's day in Slack: a request, its approval, a share, a stop by the other, delete, undelete") {
  Workspace slack;
  World world(slack.setting());
  world.until([&] { return slack.home.links() > 0; });
  slack.home.say("UROOT", slack.room, "!devbox help");
  until_read(world, slack, "An example of each");
  slack.home.say("UALICE", slack.room, "!devbox request cpx42 \"training run\"");
  until_read(world, slack, "Operators are asked: it is request 1.");
  const auto asked = slack.newest("Request 1: cpx42").ts;
  slack.home.press("UALICE", slack.room, asked, "Approve");
  until_read(world, slack, "`approve` is for operators. Nothing was done.");
  CHECK(world.servers().empty());
  slack.home.press("UROOT", slack.room, asked, "Approve");
  until_read(world, slack, "is approved by root.");
  until_read(world, slack, "✓ alice is up — https://alice.tail1234.ts.net");

  slack.home.say("UALICE", slack.room, "!devbox share <@UBOB> 2h", {{"raw", true}});
  until_read(world, slack, "alice is shared with UBOB until ");
  slack.home.say("UBOB", slack.room, "!devbox delete alice");
  until_read(world, slack, "`delete` is for its owner and operators. Nothing was done.");
  slack.home.say("UBOB", slack.room, "!devbox down alice");
  until_read(world, slack, "✓ alice is down.");
  slack.home.say("UALICE", slack.room, "!devbox delete main");
  until_read(world, slack, "Delete alice?");
  const auto question = slack.newest("Delete alice?").ts;
  const auto buttons = slack.newest("Delete alice?").blocks.back()["elements"];
  CHECK(buttons[0].value("style", "") == "danger");
  CHECK(buttons[0].contains("confirm"));
  CHECK_FALSE(buttons[1].contains("confirm"));
  slack.home.press("UBOB", slack.room, question, "Yes");
  until_read(world, slack, "This is for <@UALICE> to decide. Nothing was done.");
  slack.home.press("UALICE", slack.room, question, "Yes");
  until_read(world, slack, "✓ alice is in the trash until ");
  CHECK(world.volumes().size() == 1);
  slack.home.say("UALICE", slack.room, "!devbox undelete main");
  until_read(world, slack, "✓ alice is back: 20 GB volume");

  slack.home.say("UROOT", slack.room, "!devbox audit 20");
  until_read(world, slack, "The last of the audit");
  auto day = a_day_of("root", "alice", "bob", "C1", false);
  // Bob had said nothing by then, and so had no name yet.
  day[4] = "alice · !devbox share @UBOB 2h · alice is shared with UBOB until … · C1";
  CHECK(lines_of_audit(bot::test::as_shown(slack.newest("The last of the audit").text)) == day);
  // Only those a message is for are called, in front of it, and no text shows how Slack writes people.
  for (const auto& one : slack.team.posts) {
    INFO(one.text);
    if (one.user == slack.team.bot_user) CHECK(one.text.find("&lt;@") == std::string::npos);
  }
}
