#include "tests/bot/matrix/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

const std::string pages = "GET */messages";

/// The bot is away while others talk.
struct Away : Story {
  Away() {
    start();
    stop();
  }
  void chatter(int lines) {
    for (int n = 0; n < lines; ++n) alice.say("hello");
  }
  [[nodiscard]] Texts missed() const {
    Texts texts;
    for (const auto& batch : process->batches)
      for (const auto& message : batch.missed) texts.push_back(message.text);
    return texts;
  }
};

Texts commands_of(int first, int last) {
  Texts texts;
  for (int n = first; n <= last; ++n) texts.push_back("!devbox watch w" + std::to_string(n));
  return texts;
}

const std::string too_late = "I missed this while I was offline, and it is too old to be run now:\n";
const std::string nothing_done = "Nothing of it was done. Say it again if it is still wanted.\n";

}  // namespace

TEST_CASE("commands said while it was away are all answered, once and in order") {
  const int many = GENERATE(5, 60, 250);
  Away story;
  story.say_many(1, many);
  story.start();
  story.until([&] { return story.process->storage.outbox.pending() == 0; });
  CHECK(story.news() == Story::answers(1, many));
  CHECK(story.heard_texts() == commands_of(1, many));
  CHECK(story.count(pages) == (many > 100 ? 3 : 0));
}

TEST_CASE("commands said while it could not be reached are all answered, once and in order") {
  Story story;
  story.start();
  story.fault({{"path", "*/sync"}, {"cut", "before"}, {"count", 3}});
  story.alice.say("hello");
  story.settle();
  story.say_many(1, 150);
  for (int n = 0; n < 3; ++n) story.pass(2s);
  story.until([&] { return story.process->storage.outbox.pending() == 0; });
  CHECK(story.news() == Story::answers(1, 150));
}

TEST_CASE("a gap of one room keeps nothing from another") {
  Away story;
  const auto other = story.home.create_room(story.alice.id(), {{"preset", "public_chat"}});
  story.home.join(story.devbox, other);
  story.options.rooms.push_back(other);
  story.say_many(1, 150);
  story.home.say(story.alice.id(), other, "!devbox watch w1");
  story.start();
  CHECK(story.news() == Story::answers(1, 150));
  CHECK(simulator::Person(story.home, "alice", other).screen() == Story::answers(1, 1));
}

TEST_CASE("a room that is not ours has no gap that matters") {
  Story story;
  const auto other = story.home.create_room(story.alice.id(), {{"preset", "public_chat"}});
  story.home.join(story.devbox, other);
  story.start();
  story.stop();
  for (int n = 0; n < 150; ++n) story.home.say(story.alice.id(), other, "!devbox watch w1");
  story.start();
  CHECK(story.heard().empty());
  CHECK(story.count(pages) == 0);
}

TEST_CASE("a page that does not come is asked for again, and nothing is stored before the gap is full") {
  Away story;
  story.say_many(1, 150);
  story.fault({{"path", "*/messages"}, {"status", 502}});
  story.launch();
  story.until([&] { return story.count(pages) == 1; });
  story.settle();
  CHECK(story.process->batches.empty());
  story.pass(2s);
  story.until([&] { return story.process->storage.outbox.pending() == 0; });
  CHECK(story.news() == Story::answers(1, 150));
}

TEST_CASE("a process that dies while it fills a gap leaves the whole of it to the next") {
  Away story;
  story.say_many(1, 150);
  story.fault({{"path", "*/messages"}, {"delay_ms", 60'000}});
  story.launch();
  story.settle();
  CHECK(story.process->batches.empty());
  story.restart();
  story.until([&] { return story.process->storage.outbox.pending() == 0; });
  CHECK(story.news() == Story::answers(1, 150));
}

TEST_CASE("a room whose past cannot be had keeps nobody from being heard") {
  Away story;
  story.say_many(1, 150);
  story.fault({{"path", "*/messages"}, {"status", 500}, {"code", "M_UNKNOWN"}, {"count", 1000}});
  story.launch();
  for (int n = 0; n < 12; ++n) story.pass(2s);
  CHECK(story.count(pages) == 8);
  CHECK(story.news() == Story::answers(51, 150));
}

TEST_CASE("a gap that may not be read stays open, and what was told is answered") {
  Away story;
  story.say_many(1, 150);
  story.fault({{"path", "*/messages"}, {"status", 403}});
  story.start();
  CHECK(story.news() == Story::answers(51, 150));
}

TEST_CASE("of more than can be read, what is young enough to be run is") {
  Away story;
  story.say_many(1, 1);
  story.chatter(10'200);
  story.pass(20min);
  story.say_many(2, 2);
  story.chatter(150);
  story.say_many(3, 3);
  story.start();
  CHECK(story.news() ==
        too_late + "@alice:devbox.test: !devbox watch w1\n" + nothing_done + Story::answers(2, 3));
  CHECK(story.missed() == commands_of(1, 1));
  CHECK(story.heard_texts() == commands_of(2, 3));
  const auto directions = story.queried(pages, "dir");
  CHECK(std::count(directions.begin(), directions.end(), "f") == 50);
  CHECK(std::count(directions.begin(), directions.end(), "b") == 1);
}

TEST_CASE("commands older than ten minutes are told once and never run") {
  Away story;
  story.say_many(1, 7);
  story.alice.say("hello");
  story.pass(11min);
  story.say_many(8, 8);
  story.start();
  CHECK(story.news() == too_late +
                            "@alice:devbox.test: !devbox watch w1\n@alice:devbox.test: !devbox watch w2\n"
                            "@alice:devbox.test: !devbox watch w3\n@alice:devbox.test: !devbox watch w4\n"
                            "@alice:devbox.test: !devbox watch w5\nand 2 more\n" +
                            nothing_done + Story::answers(8, 8));
  CHECK(story.missed() == commands_of(1, 7));
  CHECK(story.heard_texts() == commands_of(8, 8));
}

TEST_CASE("what was told as missed is not told again when the rooms are read anew") {
  Away story;
  story.say_many(1, 1);
  story.pass(11min);
  story.start();
  CHECK(story.news() == too_late + "@alice:devbox.test: !devbox watch w1\n" + nothing_done);
  story.process->storage.inbox.set_cursor("matrix", "of another server");
  story.restart();
  CHECK(story.news().empty());
}

TEST_CASE("of rooms that are read anew all is run that is young enough, and nothing twice") {
  Story story;
  story.start();
  story.process->storage.inbox.set_cursor("matrix", "of another server");
  story.stop();
  story.say_many(1, 150);
  story.start();
  story.until([&] { return story.process->storage.outbox.pending() == 0; });
  CHECK(story.news() == Story::answers(1, 150));
}

TEST_CASE("what was answered is not told as missed when the rooms are read anew") {
  Story story;
  story.start();
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  story.pass(11min);
  story.process->storage.inbox.set_cursor("matrix", "of another server");
  story.restart();
  CHECK(story.news().empty());
}

TEST_CASE("a command of ten minutes ago is run") {
  Away story;
  story.say_many(1, 1);
  story.pass(10min);
  story.start();
  CHECK(story.news() == Story::answers(1, 1));
}
