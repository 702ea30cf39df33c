#include "net/error.hpp"
#include "tests/bot/matrix/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

const std::string messages = "PUT */send/m.room.message/*";
const std::string seeds = "PUT */send/m.reaction/*";
const std::string uploads = "POST */upload";

/// What came of it, in a word.
std::string word_of(const SendResult& result, net::Time now) {
  if (const auto* delayed = std::get_if<Delayed>(&result))
    return "delayed " + std::to_string((delayed->when - now).count()) + " ms";
  if (const auto* refused = std::get_if<Refused>(&result)) return "refused: " + refused->why;
  return "sent " + std::get<Sent>(result).remote_id;
}

struct Post : Story {
  Post() { start(); }
  /// Hands it to the backend itself, past the outbox.
  std::string send(const Out& message) {
    std::string result;
    auto sending = sent(message, result);
    Started started(process->io, std::move(sending));
    until([&] { return started.ended(); });
    return result;
  }
  std::string send(const std::string& key, const std::string& text, const std::string& to) {
    Out message;
    message.key = key;
    message.room = to;
    message.text = text;
    return send(message);
  }
  std::string send(const std::string& key, const std::string& text) { return send(key, text, room); }
  std::string other_room() {
    const auto made = home.create_room(alice.id(), {{"preset", "public_chat"}});
    home.join(devbox, made);
    return made;
  }
  /// The bot's events in the rooms, in the order they were sent: "text", or "… text" for an edit.
  [[nodiscard]] Texts said(const Texts& in) const {
    std::map<std::uint64_t, std::string> ordered;
    for (const auto& id : in)
      for (const auto& event : home.events_of(id))
        if (event->sender == devbox && event->type == "m.room.message")
          ordered[event->position] =
              (event->content.contains("m.new_content") ? "… " : "") +
              event->content.value("/m.new_content/body"_json_pointer, event->content.value("body", ""));
    Texts texts;
    for (const auto& [position, text] : ordered) texts.push_back(text);
    return texts;
  }
  /// "" until it is sent.
  [[nodiscard]] std::string event_of(const std::string& key) const {
    return process->storage.outbox.find(key)->remote_id;
  }
  std::string target(const std::string& transaction) {
    return api + "/rooms/" + bot::matrix::escaped(room) + "/send/m.room.message/" + transaction;
  }

 private:
  net::awaitable<void> sent(Out message, std::string& result) {
    try {
      const auto came = co_await process->backend.send(message);
      result = word_of(came, now());
    } catch (const net::Error& error) {
      result = std::string("unknown: ") + error.what();
    }
  }
};

commands::Message question() { return {"Sure?", {}, {{"Yes, delete", "yes"}, {"No", "no"}}}; }

}  // namespace

TEST_CASE("the key of a message is its transaction, the same when nobody knows whether it arrived") {
  const std::string cut = GENERATE("before", "after", "half");
  Post story;
  story.fault({{"path", "*/send/*"}, {"cut", cut}});
  story.post("op/ready", "ready");
  story.pass(2s);
  CHECK(story.said({story.room}) == Texts{"ready"});
  const auto asked = story.requests(messages);
  REQUIRE(asked.size() == 2);
  CHECK(asked[0]["path"] == story.target("op~ready"));
  CHECK(asked[1]["path"] == story.target("op~ready"));
  CHECK(asked[0]["body"] == asked[1]["body"]);
  CHECK(story.event_of("op/ready") == story.home.events_of(story.room).back()->id);
}

TEST_CASE("a process that dies before it knows that a message arrived leaves one message") {
  Post story;
  story.fault({{"path", "*/send/*"}, {"cut", "after"}});
  story.post("op/ready", "ready");
  story.settle();
  CHECK(story.state_of("op/ready") == "sending");
  story.restart();
  CHECK(story.state_of("op/ready") == "sent");
  CHECK(story.said({story.room}) == Texts{"ready"});
  CHECK(story.count(messages) == 2);
}

TEST_CASE("what is to be sent before the session is open waits for it") {
  Post story;
  story.stop();
  story.fault({{"path", "*/whoami"}, {"delay_ms", 1000}});
  story.launch();
  story.post("op/ready", "ready");
  story.settle();
  CHECK(story.count(messages) == 0);
  story.pass(1s);
  CHECK(story.said({story.room}) == Texts{"ready"});
}

TEST_CASE("a limit delays a message as long as the homeserver asks, and nothing is asked of it before") {
  Post story;
  const auto other = story.other_room();
  story.contents.limits.messages = {0.4, 1};
  CHECK(story.send("op/1", "one").starts_with("sent $"));
  CHECK(story.send("op/2", "two") == "delayed 3000 ms");
  CHECK(story.send("op/3", "three", other) == "delayed 3000 ms");
  CHECK(story.count(messages) == 2);
  story.pass(2999ms);
  CHECK(story.send("op/2", "two") == "delayed 1 ms");
  CHECK(story.count(messages) == 2);
  story.pass(1ms);
  CHECK(story.send("op/2", "two").starts_with("sent $"));
  CHECK(story.said({story.room, other}) == Texts{"one", "two"});
}

TEST_CASE("a limit that does not say how long it lasts delays a message by five seconds") {
  Post story;
  story.fault({{"path", "*/send/*"}, {"status", 429}, {"code", "M_LIMIT_EXCEEDED"}});
  CHECK(story.send("op/1", "one") == "delayed 5000 ms");
}

TEST_CASE("what the homeserver does not take is refused, with its reason") {
  const int status = GENERATE(400, 403, 404, 413);
  Post story;
  story.fault({{"path", "*/send/*"}, {"status", status}, {"code", "M_NO"}});
  const auto text = std::to_string(status);
  CHECK(story.send("op/1", "one") == "refused: the homeserver answered PUT " + story.target("op~1") +
                                         " with " + text + " M_NO: fault with status " + text);
  CHECK(story.send("op/2", "two").starts_with("sent $"));
}

TEST_CASE("of what comes of a homeserver in trouble nobody knows whether it arrived") {
  const int status = GENERATE(500, 502, 503, 504);
  Post story;
  story.fault({{"path", "*/send/*"}, {"status", status}});
  const auto text = std::to_string(status);
  CHECK(story.send("op/1", "one") == "unknown: the homeserver answered PUT " + story.target("op~1") +
                                         " with " + text + " M_UNKNOWN: fault with status " + text);
}

TEST_CASE("an answer that names no event is none") {
  Post story;
  story.fault({{"path", "*/send/*"}, {"status", 200}});
  CHECK(story.send("op/1", "one") == "unknown: the homeserver's answer has no event_id");
}

TEST_CASE("twelve quick commands under a strict limit are all answered, in order, and none twice") {
  Post story;
  story.contents.limits.messages = {0.5, 3};
  story.home.user(story.alice.id()).is_exempt = true;
  story.say_many(1, 12);
  for (int n = 0; n < 12; ++n) story.pass(2s);
  CHECK(story.news() == Story::answers(1, 12));
  CHECK(story.count(messages) == 12 + 9);
}

TEST_CASE("replies go before edits when the homeserver limits, whatever room they are for") {
  Post story;
  const auto other = story.other_room();
  story.contents.limits.messages = {0.5, 1};
  story.post("op/plan", "the plan");
  story.settle();
  story.process->sender.progress("op/plan", "booting");
  story.post("op/1", commands::Message{"one", {}, {}}, other);
  story.post("op/2", commands::Message{"two", {}, {}}, other);
  for (int n = 0; n < 10; ++n) story.pass(2s);
  CHECK(story.said({story.room, other}) == Texts{"the plan", "one", "two", "… the plan\n… booting"});
}

TEST_CASE("of progress that could not be shown in time only the newest is") {
  Post story;
  story.contents.limits.messages = {0.2, 1};
  story.post("op/plan", "the plan");
  story.settle();
  for (const auto* news : {"server made", "booting", "joining"}) {
    story.process->sender.progress("op/plan", news);
    story.pass(1s);
  }
  story.pass(10s);
  CHECK(story.said({story.room}) == Texts{"the plan", "… the plan\n… joining"});
}

TEST_CASE("an edit is of the original, keeps what it said, and mentions nobody again") {
  Post story;
  story.post("op/plan", commands::Message{"the <plan>", {"matrix:@alice:devbox.test"}, {}});
  story.settle();
  const auto original = story.event_of("op/plan");
  for (const auto* news : {"booting", "joining"}) {
    story.process->sender.progress("op/plan", news);
    story.pass(5s);
  }
  const json content = {{"msgtype", "m.text"},
                        {"body", "the <plan>\n… joining"},
                        {"format", "org.matrix.custom.html"},
                        {"formatted_body", "the &lt;plan&gt;<br>… joining"},
                        {"m.mentions", json::object()}};
  auto whole = content;
  whole["m.new_content"] = content;
  whole["body"] = "* the <plan>\n… joining";
  whole["formatted_body"] = "* the &lt;plan&gt;<br>… joining";
  whole["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", original}};
  CHECK(story.home.events_of(story.room).back()->content == whole);
  story.process->sender.settled("op/plan");
  story.pass(5s);
  CHECK(story.home.events_of(story.room).back()->content["m.new_content"]["body"] == "the <plan>");
}

TEST_CASE("under a question stand its reactions, each once") {
  Post story;
  story.post("op/sure", question());
  story.settle();
  CHECK(story.alice.reactions_to(story.event_of("op/sure")) == Texts{"✅", "❌"});
  CHECK(story.alice.screen() == "Sure?\n  ✅ Yes, delete: !devbox yes · ❌ No: !devbox no\n");
}

TEST_CASE("reactions that were cut off, or limited, are completed, and the question is not asked again") {
  const bool is_limited = GENERATE(true, false);
  Post story;
  if (is_limited) story.contents.limits.messages = {0.5, 2};
  if (!is_limited) story.fault({{"path", "*/send/m.reaction/*"}, {"cut", "after"}});
  story.post("op/sure", question());
  story.settle();
  CHECK(story.state_of("op/sure") == (is_limited ? "due" : "sending"));
  story.pass(2s);
  CHECK(story.state_of("op/sure") == "sent");
  CHECK(story.said({story.room}).size() == 1);
  CHECK(story.alice.reactions_to(story.event_of("op/sure")) == Texts{"✅", "❌"});
  CHECK(story.count(seeds) == (is_limited ? 4 : 3));
}

TEST_CASE("a reaction that is there already is as good as a new one") {
  Post story;
  story.fault({{"path", "*/send/m.room.message/*"}, {"cut", "after"}});
  story.post("op/sure", question());
  story.settle();
  const auto event = story.home.events_of(story.room).back()->id;
  story.home.react(story.devbox, story.room, event, "✅");
  story.pass(2s);
  CHECK(story.state_of("op/sure") == "sent");
  CHECK(story.alice.reactions_to(event) == Texts{"✅", "❌"});
}

TEST_CASE("a picture is uploaded once, although its message had to be sent twice") {
  Post story;
  Out message;
  message.key = "op/chart";
  message.room = story.room;
  message.picture = Picture{"cost.png", "\x89PNG"};
  story.fault({{"path", "*/send/*"}, {"cut", "before"}});
  CHECK(story.send(message).starts_with("unknown: "));
  story.restart();
  const auto sent = story.send(message);
  const auto event = story.home.events_of(story.room).back();
  CHECK(sent == "sent " + event->id);
  REQUIRE(story.count(uploads) == 1);
  const auto media = story.contents.media.begin();
  CHECK(media->second == "\x89PNG");
  CHECK(event->content == json{{"msgtype", "m.image"},
                               {"body", "cost.png"},
                               {"filename", "cost.png"},
                               {"url", "mxc://devbox.test/" + media->first},
                               {"info", {{"mimetype", "image/png"}, {"size", 4}}},
                               {"m.mentions", json::object()}});
}

TEST_CASE("what is said while the bot waits for the room that replaces one is said in there") {
  Post story;
  story.home.set_state(story.alice.id(), story.room, "m.room.join_rules", "", {{"join_rule", "invite"}});
  const auto made = story.home.upgrade(story.alice.id(), story.room);
  story.settle();
  story.post("op/1", "one");
  story.settle();
  story.home.invite(story.alice.id(), made, story.devbox);
  story.settle();
  story.post("op/2", "two");
  story.pass(30s);
  CHECK(story.said({story.room}).empty());
  CHECK(story.said({made}) == Texts{"one", "two"});
}

TEST_CASE("an answer to a thread whose room was replaced is an ordinary message in the new one") {
  Post story;
  Out message;
  message.key = "op/ready";
  message.room = story.room;
  message.thread = story.alice.say("about devbox");
  message.text = "ready";
  const auto made = story.home.upgrade(story.alice.id(), story.room);
  story.settle();
  story.send(message);
  CHECK(story.home.events_of(made).back()->content == json{{"msgtype", "m.notice"},
                                                           {"body", "ready"},
                                                           {"format", "org.matrix.custom.html"},
                                                           {"formatted_body", "ready"},
                                                           {"m.mentions", json::object()}});
}

TEST_CASE("what waits to be sent is sent as soon as the homeserver answers again") {
  Post story;
  story.server.stop();
  story.post("op/ready", "ready");
  for (int n = 0; n < 20; ++n) story.pass(2s);
  story.server.start();
  story.pass(2s);
  CHECK(story.news() == "ready\n");
}

TEST_CASE("an answer that comes at once is sign enough") {
  Post story;
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  story.pass(10s);
  CHECK(story.count("*/receipt/*") == 0);
  CHECK(story.count("*/typing/*") == 0);
}

TEST_CASE("when the answer takes time, the message is shown as read, and typing until the answer is there") {
  Post story;
  In message;
  message.room = story.room;
  message.key = story.alice.say("!devbox up");
  Started seen(story.process->io, story.process->backend.seen(message));
  story.pass(199ms);
  CHECK(story.count("*/receipt/*") == 0);
  story.pass(1ms);
  CHECK(story.home.room(story.room).receipts.at(story.devbox).event == message.key);
  const auto typing = [&] {
    Texts bodies;
    for (const auto& row : story.requests("*/typing/*")) bodies.push_back(row["body"]);
    return bodies;
  };
  const std::string is_typing = R"({"timeout":20000,"typing":true})";
  CHECK(typing() == Texts{is_typing});
  story.post("op/plan", "the plan");
  story.settle();
  CHECK(typing() == Texts{is_typing, R"({"typing":false})"});
}
