#include "net/error.hpp"
#include "tests/bot/slack/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

commands::Message slack_question() {
  return {
      "Work is running. Stop all the same?", {"slack:T1/U2"}, {{"Yes", "yes 1234"}, {"Stop", "down alice"}}};
}

std::size_t uses_of_urls(const SlackStory& story) {
  std::size_t uses = 0;
  for (const auto& [id, url] : story.team.urls) uses += static_cast<std::size_t>(url.uses);
  return uses;
}

}  // namespace

TEST_CASE("an answer to a message in a channel is in its thread, one to a direct message is not", "[slack]") {
  SlackStory story;
  story.start();
  const auto ts = story.home.say("U2", "C1", "!devbox watch a1");
  story.home.say("U2", "D2", "watch a2");
  story.settle();
  CHECK(story.newest("C1").thread_ts == ts);
  CHECK(story.newest("D2").thread_ts.empty());
}

TEST_CASE("what follows the first answer to a command stands below it", "[slack]") {
  SlackStory story;
  story.start();
  story.home.command("U2", "C1", "watch a1");
  story.settle();
  const auto first = story.newest();
  CHECK(first.thread_ts.empty());
  story.post("op/final", {"the end", {"slack:T1/U2"}, {}}, "C1", story.thread_of_command());
  story.settle();
  CHECK(story.newest().thread_ts == first.ts);
  CHECK(story.newest().text == "<@U2> the end");
}

TEST_CASE("a limit is waited for, and the message is sent once", "[slack]") {
  SlackStory story;
  story.start();
  story.team.retry_after = 3;
  story.fault({{"path", "/api/chat.postMessage"}, {"status", 429}, {"code", "ratelimited"}, {"count", 2}});
  story.post("op/1", {"hello", {}, {}});
  story.settle();
  story.pass(2s);
  CHECK(story.screen() == "");
  story.pass(10s);
  story.pass(10s);
  CHECK(story.screen() == "hello\n");
  CHECK(story.state_of("op/1") == "sent");
  CHECK(story.count("POST /api/conversations.history") == 0);
}

TEST_CASE("a channel gets a message a second after the first few, and others need not wait for it",
          "[slack]") {
  SlackStory story;
  story.start();
  for (int n = 0; n < 8; ++n) story.post("op/" + std::to_string(n), {"line " + std::to_string(n), {}, {}});
  story.home.channel("C2");
  story.post("op/other", {"elsewhere", {}, {}}, "C2");
  story.settle();
  CHECK(story.screen().find("line 4") != std::string::npos);
  CHECK(story.screen().find("line 5") == std::string::npos);
  CHECK(story.screen("C2") == "elsewhere\n");
  story.pass(1s);
  CHECK(story.screen().find("line 5") != std::string::npos);
  CHECK(story.screen().find("line 6") == std::string::npos);
  story.pass(1s);
  story.pass(1s);
  CHECK(story.screen().ends_with("line 6\nline 7\n"));
}

TEST_CASE("a message whose answer was lost is found by its key and not sent again", "[slack]") {
  SlackStory story;
  story.start();
  for (const std::string cut : {"after", "before"}) {
    story.fault({{"path", "/api/chat.postMessage"}, {"cut", cut}});
    story.post("op/" + cut, {"cut " + cut, {}, {}});
    story.settle();
    story.pass(5s);
  }
  CHECK(story.screen() == "cut after\ncut before\n");
  CHECK(story.count("POST /api/conversations.history") == 2);
}

TEST_CASE("a process that ended while it sent looks before it sends again", "[slack]") {
  SlackStory story;
  story.start();
  story.fault({{"path", "/api/chat.postMessage"}, {"cut", "after"}});
  story.post("op/1", {"hello", {}, {}});
  story.until([&] { return !story.screen().empty(); });
  story.stop();
  story.start();
  story.settle();
  story.pass(6s);
  CHECK(story.screen() == "hello\n");
  CHECK(story.state_of("op/1") == "sent");
}

TEST_CASE("where history may not be read, a message whose answer was lost is sent again", "[slack]") {
  SlackStory story;
  story.team.scopes.erase("channels:history");
  story.start();
  story.fault({{"path", "/api/chat.postMessage"}, {"cut", "after"}});
  story.post("op/1", {"hello", {}, {}});
  story.settle();
  story.pass(5s);
  CHECK(story.screen() == "hello\nhello\n");
}

TEST_CASE("where the bot is not, a command is answered by its URL, and directly when that has ended",
          "[slack]") {
  SlackStory story;
  story.home.channel("G5", false);
  story.start();
  story.home.command("U2", "G5", "watch a1");
  story.settle();
  CHECK(story.newest("G5").reader == "U2");
  CHECK(uses_of_urls(story) == 1);
  const auto thread = story.thread_of_command();
  for (int n = 2; n <= 6; ++n)
    story.post("op/" + std::to_string(n), {"line " + std::to_string(n), {}, {}}, "G5", thread);
  story.settle();
  story.pass(1s);
  story.pass(1s);
  story.pass(1s);
  CHECK(story.screen("G5").ends_with("line 2\nline 3\nline 4\nline 5\n"));
  CHECK(story.screen("D2") == "line 6\n");
  CHECK(uses_of_urls(story) == 5);
}

TEST_CASE("a URL that commands are answered by is forgotten after half an hour", "[slack]") {
  SlackStory story;
  story.home.channel("G5", false);
  story.start();
  story.home.command("U2", "G5", "watch a1");
  story.settle();
  const auto thread = story.thread_of_command();
  CHECK(story.process->storage.replies.find(thread)->url.find("/hooks/") != std::string::npos);
  story.pass(31min);
  story.pass(6min);
  CHECK(story.process->storage.replies.find(thread)->url == "");
  story.post("op/late", {"it is up", {}, {}}, "G5", thread);
  story.settle();
  CHECK(story.screen("D2") == "it is up\n");
}

TEST_CASE("progress becomes part of its message, at most every five seconds", "[slack]") {
  SlackStory story;
  story.start();
  story.post("op/plan", {"the plan", {}, {}});
  story.settle();
  for (int n = 0; n < 20; ++n) {
    story.process->sender.progress("op/plan", "step " + std::to_string(n));
    story.pass(1s);
  }
  CHECK(story.count("POST /api/chat.update") <= 5);
  CHECK(story.screen().starts_with("the plan\n… the plan\n… step 0\n"));
}

TEST_CASE("a button is used once, by those it is for, and is gone then", "[slack]") {
  SlackStory story;
  story.start();
  story.post("op/ask", slack_question());
  story.settle();
  const auto asked = story.newest();
  CHECK(asked.text.find("Yes: !devbox yes 1234") != std::string::npos);
  CHECK(asked.blocks.back()["elements"][1].contains("confirm"));
  CHECK_FALSE(asked.blocks.back()["elements"][0].contains("confirm"));
  story.home.press("U9", "C1", asked.ts, "Yes");
  story.settle();
  CHECK(story.newest().text == "This is for <@U2> to decide. Nothing was done.");
  CHECK(story.newest().reader == "U9");
  // Two quick clicks are two envelopes.
  story.home.press("U2", "C1", asked.ts, "Yes");
  story.home.press("U2", "C1", asked.ts, "Yes");
  story.settle();
  story.pass(5s);
  const auto* shown = story.home.find("C1", asked.ts);
  CHECK(shown->text.ends_with("✓ Yes · <@U2>"));
  CHECK(shown->blocks.back()["type"] == "context");
  CHECK(story.newest().text == "Nothing is waiting for your answer.");
  CHECK(story.home.lost() == 0);
  int answers = 0;
  for (const auto& one : story.team.shown)
    answers += one.text == "Nothing is waiting for your answer." ? 1 : 0;
  CHECK(answers == 1);
}

TEST_CASE("a picture is uploaded, shared in the thread, and not uploaded twice", "[slack]") {
  SlackStory story;
  story.start();
  Out message;
  message.key = "op/chart";
  message.room = "C1";
  message.text = "the month";
  message.picture = Picture{"month.png", std::string("\x89PNG", 4)};
  story.fault({{"path", "/api/files.completeUploadExternal"}, {"status", 503}});
  for (int attempt = 0; attempt < 2; ++attempt) {
    bool is_over = false;
    const auto send = [&]() -> net::awaitable<void> {
      try {
        co_await story.process->backend.send(message);
      } catch (const net::Error&) {
      }
      is_over = true;
    };
    net::spawn(story.process->io.get_executor(), "send", send());
    story.until([&] { return is_over; });
  }
  REQUIRE(story.team.files.size() == 1);
  CHECK(story.team.files.begin()->second.bytes == std::string("\x89PNG", 4));
  CHECK(story.team.files.begin()->second.channel == "C1");
  CHECK(story.screen() == "the month\n");
}
