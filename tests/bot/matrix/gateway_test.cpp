#include "tests/bot/matrix/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// A proxy before the homeserver that does not find it, or wants something itself, says so in a page of its
/// own.
json page(const std::string& path, int status) {
  return {{"path", path}, {"status", status}, {"code", "<html>where is it?</html>"}};
}

}  // namespace

TEST_CASE("a message that a proxy does not pass on is sent again, and not dropped") {
  const int status = GENERATE(401, 404, 502);
  Story story;
  story.start();
  story.fault(page("*/send/*", status));
  story.post("op/ready", "ready");
  story.settle();
  CHECK(story.state_of("op/ready") == "sending");
  story.pass(2s);
  CHECK(story.news() == "ready\n");
}

TEST_CASE("a message that a proxy finds wrong or too large would be so again") {
  const int status = GENERATE(400, 403, 413);
  Story story;
  story.start();
  story.fault(page("*/send/*", status));
  story.post("op/ready", "ready");
  story.settle();
  CHECK(story.state_of("op/ready") == "dropped");
}

TEST_CASE("a limit of a proxy is a limit, too") {
  Story story;
  story.start();
  story.fault(page("*/send/*", 429));
  story.post("op/ready", "ready");
  story.settle();
  CHECK(story.state_of("op/ready") == "due");
  story.pass(5s);
  CHECK(story.news() == "ready\n");
}

TEST_CASE("a proxy that wants to know who we are does not end our session") {
  const std::string path = GENERATE("*/sync", "*/whoami", "*/login");
  const int status = GENERATE(401, 403);
  Story story;
  story.options.access_token.clear();
  story.options.password = "devbox-pass";
  story.fault(page(path, status));
  story.launch();
  story.pass(2s);
  CHECK(story.death().empty());
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  CHECK(story.count("POST */login") == (path == "*/login" ? 2 : 1));
}

TEST_CASE("a gap whose page a proxy does not find is filled when it does") {
  const int status = GENERATE(403, 404);
  Story story;
  story.start();
  story.stop();
  story.say_many(1, 150);
  story.fault(page("*/messages", status));
  story.launch();
  story.pass(2s);
  story.until([&] { return story.process->storage.outbox.pending() == 0; });
  CHECK(story.news() == Story::answers(1, 150));
}

TEST_CASE("a room that a proxy does not find is asked for again") {
  Story story;
  story.home.leave(story.devbox, story.room);
  story.fault(page("*/join/*", 404));
  story.start();
  story.pass(30s);
  CHECK(story.home.room(story.room).membership(story.devbox) == "join");
}
