#include "tests/bot/matrix/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

TEST_CASE("a homeserver in trouble is asked every two seconds at most, and after a minute every thirty") {
  Story story;
  story.start();
  story.fault({{"path", "*/sync"}, {"status", 502}, {"count", 1000}});
  const auto asked = [&] { return story.process->backend.tally().requests.at({"GET", "5xx"}); };
  story.alice.say("hello");
  story.settle();
  story.pass(2s);
  const auto first = asked();
  for (int n = 0; n < 28; ++n) story.pass(2s);
  CHECK(asked() == first + 28);
  for (int n = 0; n < 20; ++n) story.pass(30s);
  CHECK(asked() == first + 48);
  for (int n = 0; n < 60; ++n) story.pass(2s);
  CHECK(asked() < first + 48 + 30);
  CHECK(asked() > first + 48 + 4);
}

TEST_CASE("a homeserver that is down at the start is waited for") {
  Story story;
  story.server.stop();
  story.launch();
  for (int n = 0; n < 10; ++n) story.pass(2s);
  CHECK(story.death().empty());
  story.server.start();
  story.pass(2s);
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
}

TEST_CASE("a homeserver that was away is in step again after one pause, and what was said is answered") {
  Story story;
  story.start();
  story.server.stop();
  story.pass(10s);
  story.alice.say("!devbox watch w1");
  story.server.start();
  story.pass(2s);
  CHECK(story.news() == Story::answers(1, 1));
}

TEST_CASE("an answer of /sync that is none is asked for again") {
  Story story;
  story.start();
  const std::string cut = GENERATE("half", "before", "after");
  story.fault({{"path", "*/sync"}, {"cut", cut}});
  story.alice.say("hello");  // the poll that waits is answered; the next is the one
  story.settle();
  story.alice.say("!devbox watch w1");
  story.pass(2s);
  CHECK(story.news() == Story::answers(1, 1));
}

TEST_CASE("health turns red two long polls after the last sync, its loop alive, and green with the next") {
  Story story;
  story.start();
  const auto at = story.now();
  story.server.stop();
  for (int n = 0; n < 60; ++n) story.pass(1s);
  CHECK(story.process->backend.health().trouble.empty());
  CHECK(story.process->backend.health().last_contact == at);
  story.pass(1s);
  CHECK(story.process->backend.health().trouble == "the last sync is 61 s old");
  for (int n = 0; n < 20; ++n) {
    story.pass(30s);
    CHECK(story.process->backend.health().is_alive);
  }
  story.server.start();
  story.pass(30s);
  CHECK(story.process->backend.health().trouble.empty());
  CHECK(story.process->backend.health().last_contact == story.now());
}
