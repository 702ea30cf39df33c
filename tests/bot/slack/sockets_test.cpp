#include <cstdio>

#include "tests/bot/slack/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// What the issue asks to be seen beside what is asserted.
void tell_deaf(const std::string& after, net::Duration time) {
  std::printf("slack: deaf after %s: %lld ms\n", after.c_str(), static_cast<long long>(time.count()));
  std::fflush(stdout);
}

/// Nobody connected, in the story's time.
net::Duration deaf(SlackStory& story) {
  return story.pass_until([&] { return story.is_connected(); }, 10ms);
}

}  // namespace

TEST_CASE("a planned end of the socket is never without one, and the old one is read until it closes",
          "[slack]") {
  for (const std::string reason : {"warning", "refresh_requested"}) {
    SlackStory story;
    story.start();
    story.home.disconnect(reason);
    story.until([&] { return story.home.links() == 2; });
    CHECK(story.is_connected());
    story.settle();
    // One each: the links take turns, and both are answered.
    story.home.say("U2", "C1", "!devbox watch a1");
    story.home.say("U2", "C1", "!devbox watch a2");
    story.settle();
    CHECK(story.acknowledged() == 2);
    CHECK(story.home.waiting() == 0);
    story.pass(16s);
    story.until([&] { return story.home.links() == 1; });
    CHECK(story.is_connected());
    CHECK(story.home.links_ever() == 2);
    tell_deaf(reason, net::Duration::zero());
  }
}

TEST_CASE("a socket that is closed or reset is replaced within a second", "[slack]") {
  for (const bool is_reset : {false, true}) {
    SlackStory story;
    story.start();
    is_reset ? story.home.reset_links() : story.home.close_links();
    story.until([&] { return story.home.links() == 0 || story.home.links_ever() == 2; });
    const auto time = deaf(story);
    CHECK(time <= 1s);
    story.home.say("U2", "C1", "!devbox watch a1");
    story.settle();
    CHECK(story.home.waiting() == 0);
    tell_deaf(is_reset ? "RST" : "close", time);
  }
}

TEST_CASE("a socket on which nothing moves is given up, and what was sent into it comes again", "[slack]") {
  SlackStory story;
  story.start();
  const auto begun = std::chrono::steady_clock::now();
  story.home.silence_links();
  story.home.say("U2", "C1", "!devbox watch a1");
  story.until([&] { return story.home.links_ever() == 2; });
  const auto silent = std::chrono::steady_clock::now() - begun;
  story.settle();
  CHECK(story.home.waiting() == 0);
  CHECK(story.screen().find("a1") != std::string::npos);
  // By the same rule that takes 400 ms here and 30 s where nothing else is said.
  const auto of_limit = std::chrono::duration<double>(silent) / story.options.silence;
  CHECK(of_limit < 3);  // of 400 ms here, in which a busy machine takes its time
  std::printf("slack: deaf after a black hole: %.1f s of a limit of 30 s\n", 30 * of_limit);
  std::fflush(stdout);
}

TEST_CASE("Slack's own troubles are waited out", "[slack]") {
  SlackStory story;
  story.start();
  const auto plan =
      GENERATE(json{{"path", "/api/apps.connections.open"}, {"status", 500}, {"count", 3}},
               json{{"path", "/api/apps.connections.open"}, {"status", 429}, {"code", "ratelimited"}},
               json{{"path", "/link/"}, {"status", 503}, {"count", 2}});
  story.team.retry_after = 5;
  story.fault(plan);
  story.home.reset_links();
  story.until([&] { return story.home.links() == 0; });
  story.settle();
  const auto time = deaf(story);
  INFO(plan.dump());
  CHECK(time <= 30s);
  if (plan["status"] == 429) CHECK(time >= 5s);
  story.home.say("U2", "C1", "!devbox watch a1");
  story.settle();
  CHECK(story.home.waiting() == 0);
}

TEST_CASE("sockets that end again and again are not dialled in a storm", "[slack]") {
  SlackStory story;
  story.start();
  for (int second = 0; second < 120; ++second) {
    story.home.close_links();
    story.pass(1s);
  }
  CHECK(story.home.links_ever() < 30);
  CHECK(story.home.links() <= 2);
}

TEST_CASE("when there are too many sockets, or Socket Mode is off, the next is tried later", "[slack]") {
  for (const std::string reason : {"too_many_websockets", "link_disabled"}) {
    SlackStory story;
    story.start();
    story.home.disconnect(reason);
    story.settle();
    story.home.close_links();
    story.settle();
    story.pass(29s);
    CHECK(story.home.links_ever() == 1);
    story.pass_until([&] { return story.is_connected(); }, 1s);
    CHECK(story.home.links_ever() == 2);
  }
}

TEST_CASE("what is no envelope of ours is passed over, and acknowledged where it can be", "[slack]") {
  SlackStory story;
  story.start();
  for (const std::string text :
       {"not json", "[]", "\"text\"", "{\"type\":\"new_kind\"}", "{\"type\":5}", "\xff\xfe"})
    story.home.send_raw(text);
  story.home.deliver("events_api", {{"type", "app_rate_limited"}, {"minute_rate_limited", 1}});
  story.home.deliver("events_api", "a string");
  story.home.deliver("kind_of_tomorrow", json::object());
  story.settle();
  if (!story.is_connected()) deaf(story);
  story.home.say("U2", "C1", "!devbox watch a1");
  story.settle();
  CHECK(story.death() == "");
  CHECK(story.home.waiting() == 0);
  CHECK(story.screen().find("a1") != std::string::npos);
}

TEST_CASE("a token that is refused for good ends the process with the reason", "[slack]") {
  SECTION("the bot's") {
    SlackStory story;
    story.options.bot_token = "xoxb-wrong";
    story.launch();
    story.until([&] { return !story.death().empty(); });
    CHECK(story.death().find("auth.test with invalid_auth") != std::string::npos);
  }
  SECTION("the app's") {
    SlackStory story;
    story.options.app_token = "xapp-wrong";
    story.launch();
    story.until([&] { return !story.death().empty(); });
    CHECK(story.death().find("apps.connections.open with invalid_auth") != std::string::npos);
  }
  SECTION("later") {
    SlackStory story;
    story.start();
    story.team.socket_state = "token_revoked";
    story.home.reset_links();
    story.until([&] { return !story.death().empty(); });
    CHECK(story.death().find("token_revoked") != std::string::npos);
  }
}

TEST_CASE("connections that Slack counts and nobody has are told", "[slack]") {
  SlackStory story;
  story.team.ghosts = 3;
  story.start();
  const auto health = story.process->backend.health();
  CHECK(health.sockets->ours == 1);
  CHECK(health.sockets->counted == 4);
}

TEST_CASE("whoever ends says goodbye, so that Slack does not send to a ghost", "[slack]") {
  SlackStory story;
  story.start();
  auto leaving = story.process->backend.leave();
  net::spawn(story.process->io.get_executor(), "leave", std::move(leaving));
  story.until([&] { return story.home.links() == 0; });
  story.pass(10s);
  CHECK(story.home.links_ever() == 1);
}

TEST_CASE("without a connection for half a minute it is unwell", "[slack]") {
  SlackStory story;
  story.start();
  CHECK(story.process->backend.health().trouble == "");
  story.team.socket_state = "internal_error";
  story.home.reset_links();
  story.settle();
  story.pass(31s);
  CHECK(story.process->backend.health().trouble.starts_with("no connection for 31 s"));
  CHECK(story.process->backend.health().is_alive);
}
