#include "tests/bot/slack/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

std::size_t looks(SlackStory& story) { return story.count("POST /api/conversations.history"); }

}  // namespace

TEST_CASE("a channel that refuses the bot does not end it, a command is answered by its URL", "[slack]") {
  const std::string word = GENERATE("no_permission", "restricted_action_read_only_channel", "missing_args");
  SlackStory story;
  story.start();
  story.fault({{"path", "/api/chat.postMessage"}, {"status", 200}, {"code", word}, {"count", 2}});
  story.post("op/1", {"hello", {}, {}});
  story.settle();
  CHECK(story.state_of("op/1") == "dropped");
  if (word != "missing_args") {
    story.home.command("U2", "C1", "watch a1");
    story.settle();
    CHECK(story.newest().reader == "U2");
  }
  CHECK(story.death() == "");
}

TEST_CASE("where a thread is gone, the message goes to its channel", "[slack]") {
  SlackStory story;
  story.start();
  story.fault({{"path", "/api/chat.postMessage"}, {"status", 200}, {"code", "thread_not_found"}});
  story.post("op/1", {"hello", {}, {}}, "C1", "1700000000.000100");
  story.settle();
  CHECK(story.newest().text == "hello");
  CHECK(story.newest().thread_ts.empty());
}

TEST_CASE("an app that may not open sockets ends with the reason", "[slack]") {
  SlackStory story;
  story.fault({{"path", "/api/apps.connections.open"}, {"status", 200}, {"code", "missing_scope"}});
  story.launch();
  story.until([&] { return !story.death().empty(); });
  CHECK(story.death().find("connections:write") != std::string::npos);
}

TEST_CASE("a message that may have arrived is not sent again because Slack would not tell", "[slack]") {
  SlackStory story;
  story.start();
  story.fault({{"path", "/api/chat.postMessage"}, {"cut", "after"}});
  story.fault({{"path", "/api/conversations.history"}, {"status", 429}, {"code", "ratelimited"}});
  story.post("op/1", {"hello", {}, {}});
  story.settle();
  for (int n = 0; n < 4; ++n) story.pass(6s);
  CHECK(looks(story) == 2);
  CHECK(story.screen() == "hello\n");
  CHECK(story.state_of("op/1") == "sent");
}

TEST_CASE("a process that ended while Slack took its time looks when that is over", "[slack]") {
  SlackStory story;
  story.start();
  story.fault({{"path", "/api/chat.postMessage"}, {"delay_ms", 3000}});
  story.post("op/1", {"hello", {}, {}});
  story.pass(1s);
  REQUIRE(story.screen() == "");
  story.stop();
  story.start();
  story.settle();
  CHECK(looks(story) == 0);
  story.pass(3s);
  story.pass(3s);
  CHECK(looks(story) == 1);
  CHECK(story.screen() == "hello\n");
}

TEST_CASE("a limit on edits holds up no message", "[slack]") {
  SlackStory story;
  story.start();
  story.post("op/plan", {"the plan", {}, {}});
  story.settle();
  story.fault({{"path", "/api/chat.update"}, {"status", 429}, {"code", "ratelimited"}});
  story.process->sender.progress("op/plan", "step");
  story.settle();
  REQUIRE(story.count("POST /api/chat.update") == 1);
  story.post("op/answer", {"hello", {}, {}});
  story.settle();
  CHECK(story.newest().text == "hello");
}

TEST_CASE("what was sent by a URL is not replaced by progress", "[slack]") {
  SlackStory story;
  story.home.channel("G5", false);
  story.start();
  story.home.command("U2", "G5", "watch a1");
  story.settle();
  const auto thread = story.thread_of_command();
  story.post("op/plan", {"the plan", {}, {}}, "G5", thread);
  story.settle();
  story.process->sender.progress("op/plan", "step");
  story.post("op/end", {"✓ it is up", {}, {}}, "G5", thread);
  story.settle();
  story.process->sender.settled("op/plan");
  story.pass(11s);
  CHECK(story.screen("G5").ends_with("the plan\n✓ it is up\n"));
}

TEST_CASE("Slack's count of connections goes down with those that end", "[slack]") {
  SlackStory story;
  story.start();
  story.home.disconnect("refresh_requested");
  story.pass_until([&] { return story.home.links_ever() == 2; });
  story.pass(20s);
  const auto health = story.process->backend.health();
  CHECK(health.sockets->ours == 1);
  CHECK(health.sockets->counted == 1);
}

TEST_CASE("buttons go with their first use, also when Slack is in trouble then", "[slack]") {
  SlackStory story;
  story.start();
  story.post("op/ask", {"Stop all the same?", {}, {{"Yes", "yes 1234"}, {"No", "no 1234"}}});
  story.settle();
  const auto ts = story.newest().ts;
  story.fault({{"path", "/hooks/*"}, {"status", 503}, {"count", 1}});
  story.home.press("U2", "C1", ts, "No");
  story.settle();
  CHECK(story.home.find("C1", ts)->blocks.back()["type"] == "actions");
  story.home.press("U3", "C1", ts, "Yes");
  story.settle();
  CHECK(story.home.find("C1", ts)->text.ends_with("✓ No · <@U2>"));
  story.pass(5s);
  CHECK(story.home.find("C1", ts)->text.ends_with("✓ No · <@U2>"));
}

TEST_CASE("a press that may not be leaves the buttons to others", "[slack]") {
  SlackStory story;
  story.start();
  story.process->backend.why_not = [](const In& press) {
    return press.sender == "slack:T1/U3" ? "`approve` is for operators." : "";
  };
  story.post("op/ask", {"Request 1", {}, {{"Approve", "approve 1"}, {"Deny", "deny 1"}}});
  story.settle();
  const auto ts = story.newest().ts;
  story.home.press("U3", "C1", ts, "Approve");
  story.settle();
  CHECK(story.newest().text == "`approve` is for operators.");
  CHECK(story.newest().reader == "U3");
  CHECK(story.home.find("C1", ts)->blocks.back()["type"] == "actions");
  story.home.press("U2", "C1", ts, "Approve");
  story.settle();
  CHECK(story.home.find("C1", ts)->text.ends_with("✓ Approve · <@U2>"));
}

TEST_CASE("no socket is opened before it is known who we are", "[slack]") {
  SlackStory story;
  story.fault({{"path", "/api/auth.test"}, {"status", 503}, {"count", 3}});
  story.launch();
  story.pass(100ms);
  CHECK(story.count("POST /api/auth.test") == 1);
  CHECK(story.home.links() == 0);
  story.pass_until([&] { return story.home.links() == 1; });
  CHECK(story.count("POST /api/auth.test") == 4);
}

TEST_CASE("a request is for every operator, a question for whom it was put to", "[slack]") {
  SlackStory story;
  story.start();
  const commands::Message asked{
      "Request 1", {"slack:T1/U2"}, {{"Approve", "approve 1"}, {"Yes", "yes 1234"}}};
  story.post("request/1", asked, "C1", "", "question");
  story.settle();
  const auto ts = story.newest().ts;
  story.home.press("U3", "C1", ts, "Yes");
  story.settle();
  CHECK(story.newest().text == "This is for <@U2> to decide. Nothing was done.");
  story.home.press("U3", "C1", ts, "Approve");
  story.settle();
  CHECK(story.home.find("C1", ts)->text.ends_with("✓ Approve · <@U3>"));
}
