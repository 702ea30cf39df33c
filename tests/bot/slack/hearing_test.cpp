#include "tests/bot/slack/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

std::string answer_to(const std::string& word) {
  return "\"" + word + "\" is no server type; for example: watch cpx32. Nothing was done.\n";
}

int times(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a prefix, a mention, a command and a direct message are heard", "[slack]") {
  SlackStory story;
  story.start();
  story.home.say("U2", "C1", "!devbox watch a1");
  story.home.say("U2", "C1", "<@UBOT> watch a2", {{"raw", true}});
  story.home.command("U2", "C1", "watch a3");
  story.home.say("U2", "D2", "watch a4");
  story.home.say("U2", "C1", "talk of a devbox that is not for it");
  story.settle();
  for (const std::string word : {"a1", "a2", "a3"})
    CHECK(story.screen().find(answer_to(word)) != std::string::npos);
  CHECK(story.screen("D2") == answer_to("a4"));
  CHECK(story.acknowledged() == 6);
  CHECK(times(story.screen(), "no server type") == 3);
}

TEST_CASE("both copies of a mention are one command, in either order", "[slack]") {
  SlackStory story;
  story.start();
  for (const bool mention_first : {false, true}) {
    const auto word = mention_first ? "b2" : "b1";
    json event = {{"type", "message"},
                  {"text", std::string("<@UBOT> watch ") + word},
                  {"user", "U2"},
                  {"ts", std::string("171.") + word},
                  {"team", "T1"},
                  {"channel", "C1"},
                  {"channel_type", "channel"}};
    auto mention = event;
    mention["type"] = "app_mention";
    for (const auto& one : mention_first ? json::array({mention, event}) : json::array({event, mention})) {
      const auto payload = story.home.event_payload(one);
      story.home.deliver("events_api", payload, payload["event_id"]);
    }
    story.settle();
    CHECK(times(story.screen(), word) == 1);
  }
}

TEST_CASE("an event that comes again is answered once, also after a restart", "[slack]") {
  SlackStory story;
  story.start();
  story.home.say("U2", "C1", "!devbox watch a1");
  story.settle();
  const auto event = story.team.envelopes.front().event_id;
  story.home.redeliver(event);
  story.settle();
  story.stop();
  story.home.redeliver(event);
  story.start();
  story.settle();
  story.pass(6s);
  CHECK(story.screen() == answer_to("a1"));
  CHECK(story.home.waiting() == 0);
}

TEST_CASE("a process that ends between an envelope and its acknowledgement has handled it once", "[slack]") {
  SlackStory story;
  story.start();
  story.home.say("U2", "C1", "!devbox watch a1");
  story.home.silence_links();
  story.until([&] { return !story.screen().empty(); });
  CHECK(story.home.waiting() == 1);
  story.stop();
  story.home.forget_holes();
  story.start();
  story.pass(6s);
  CHECK(story.home.waiting() == 0);
  CHECK(story.screen() == answer_to("a1"));
}

TEST_CASE("a process that ends after the acknowledgement answers when it is started again", "[slack]") {
  SlackStory story;
  story.start();
  story.fault({{"path", "/api/chat.postMessage"}, {"cut", "before"}});
  story.home.say("U2", "C1", "!devbox watch a1");
  story.until([&] { return story.acknowledged() == 1; });
  story.stop();
  story.start();
  story.pass(6s);
  CHECK(story.screen() == answer_to("a1"));
}

TEST_CASE("what came while nobody was connected comes as a retry and is run", "[slack]") {
  SlackStory story;
  story.start();
  story.stop();
  story.settle();
  story.home.say("U2", "C1", "!devbox watch a1");
  story.start();
  story.settle();
  CHECK(story.screen() == answer_to("a1"));
}

TEST_CASE("a thousand commands at once are all acknowledged, and each is answered once", "[slack]") {
  SlackStory story;
  story.options.per_channel = net::Duration::zero();
  story.start();
  for (int n = 0; n < 1000; ++n) story.home.command("U2", "D2", "watch w" + std::to_string(n));
  story.until([&] { return times(story.screen("D2"), "no server type") == 1000; });
  CHECK(story.acknowledged() == 1000);
  CHECK(story.home.lost() == 0);
  for (int n = 0; n < 1000; ++n) CHECK(times(story.screen("D2"), "\"w" + std::to_string(n) + "\"") == 1);
}

TEST_CASE("what other bots, other workspaces and editing say is no command", "[slack]") {
  SlackStory story;
  story.start();
  story.home.say("U2", "D2", "watch a1", {{"bot_id", "B9"}});
  story.home.say("UBOT", "D2", "watch a2");
  story.home.say("U2", "D2", "watch a3", {{"subtype", "message_changed"}});
  story.home.say("U9", "D2", "watch a4", {{"user_team", "T9"}});
  story.home.say("U2", "D2", "watch a5", {{"subtype", "thread_broadcast"}});
  story.settle();
  CHECK(story.screen("D2") == answer_to("a5"));
  CHECK(story.home.waiting() == 0);
}

TEST_CASE("what a client makes of the typing is undone", "[slack]") {
  SlackStory story;
  story.start();
  for (const std::string text :
       {"watch <http://a1.example|a1.example>", "*watch “a2”*", "watch a3\xC2\xA0", "watch `a4`"})
    story.home.say("U2", "D2", text, {{"raw", true}});
  story.settle();
  for (const std::string word : {"a1.example", "a2", "a3", "a4"})
    CHECK(story.screen("D2").find(answer_to(word)) != std::string::npos);
}

TEST_CASE("where [slack] channels names others, a command is told so and talk is not", "[slack]") {
  SlackStory story;
  story.options.channels = {"C7"};
  story.start();
  story.home.say("U2", "C1", "!devbox watch a1");
  story.home.command("U2", "C1", "watch a2");
  story.home.say("U2", "D2", "watch a3");
  story.settle();
  CHECK(
      story.screen() ==
      "I am not used in this channel. Write to me directly, or in a channel that [slack] channels names.\n");
  CHECK(story.screen("D2") == answer_to("a3"));
}
