#include "bot/sender.hpp"

#include "commands/message.hpp"
#include "net/error.hpp"
#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"
#include "tests/catch.hpp"
#include "tests/temp_dir.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;

namespace {

/// A chat that answers as the test wrote down, then with success; or holds a room until it is let go.
class ScriptedChat final : public Chat {
 public:
  using Answer = std::function<SendResult()>;
  explicit ScriptedChat(net::Executor executor) : released_(executor) {}
  [[nodiscard]] std::string name() const override { return "scripted"; }
  net::awaitable<void> listen(Receive) override { co_return; }
  net::awaitable<void> seen(In) override { co_return; }
  net::awaitable<SendResult> send(Out message) override {
    tries.push_back(message);
    while (message.room == held) co_await released_.wait();
    if (!script.empty()) {
      const auto answer = script.front();
      script.erase(script.begin());
      co_return answer();
    }
    arrived.push_back(message);
    co_return Sent{"remote " + message.key};
  }
  void release() {
    held.clear();
    released_.notify();
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const auto& message : arrived) texts.push_back(message.text);
    return texts;
  }

  std::vector<Answer> script;
  std::string held;
  std::vector<Out> tries;
  std::vector<Out> arrived;

 private:
  net::Signal released_;
};

SendResult unknown() { throw net::NoAnswer("the connection was cut"); }

using Texts = std::vector<std::string>;

/// A sender over a fresh outbox and one scripted chat, on a clock that the test moves.
struct Post {
  Post() { net::spawn(loop.io.get_executor(), "sender", sender.run(chat)); }
  void add(const std::string& key, const std::string& room = "r1", const std::string& to = "scripted") {
    commands::Message message;
    message.text = "text of " + key;
    message.mentions = {"console:alice"};
    message.buttons = {{"Stop", "yes"}};
    storage::OutboxRow row;
    row.key = key;
    row.chat = to;
    row.room = room;
    row.kind = "line";
    row.body = nlohmann::json(message).dump();
    row.due = clock.now();
    storage.outbox.add(row);
    sender.wake();
  }
  [[nodiscard]] std::string state(const std::string& key) { return storage.outbox.find(key)->state; }
  void until_arrived(std::size_t count) {
    loop.until([&] { return chat.arrived.size() >= count; });
    loop.settle();
  }
  void pass(net::Duration time) {
    clock.advance(time);
    loop.settle();
  }

  Loop loop;
  StillClock clock{loop.io.get_executor()};
  TempDir dir;
  storage::Storage storage{dir.file("devbox.db")};
  ScriptedChat chat{loop.io.get_executor()};
  Sender sender{loop.io.get_executor(), clock, loop.random, storage, {&chat}};
};

}  // namespace

TEST_CASE("a row becomes a message with its mentions and buttons, and keeps its remote id") {
  Post post;
  post.add("op/plan");
  post.until_arrived(1);
  const auto& message = post.chat.arrived[0];
  CHECK(message.key == "op/plan");
  CHECK(message.room == "r1");
  CHECK(message.text == "text of op/plan");
  CHECK(message.html.empty());
  CHECK(message.mentions == Texts{"console:alice"});
  REQUIRE(message.choices.size() == 1);
  CHECK(message.choices[0].label == "Stop");
  CHECK(message.choices[0].word == "yes");
  CHECK(post.state("op/plan") == "sent");
  CHECK(post.storage.outbox.find("op/plan")->remote_id == "remote op/plan");
}

TEST_CASE("while nobody knows whether it arrived, the same key is sent again") {
  Post post;
  post.chat.script = {unknown, unknown, unknown};
  post.add("k1");
  post.loop.settle();
  CHECK(post.state("k1") == "sending");
  for (int n = 0; n < 3; ++n) post.pass(30s);
  post.until_arrived(1);
  REQUIRE(post.chat.tries.size() == 4);
  for (const auto& message : post.chat.tries) CHECK(message.key == "k1");
  CHECK(post.storage.outbox.find("k1")->tries == 3);
}

TEST_CASE("what was being sent when the process died is sent again under its key") {
  Post post;
  post.chat.held = "r1";
  post.add("k1");
  post.loop.until([&] { return post.chat.tries.size() == 1; });
  CHECK(post.state("k1") == "due");
  ScriptedChat next(post.loop.io.get_executor());
  Sender restarted(post.loop.io.get_executor(), post.clock, post.loop.random, post.storage, {&next});
  net::spawn(post.loop.io.get_executor(), "sender", restarted.run(next));
  post.loop.until([&] { return next.arrived.size() == 1; });
  CHECK(next.arrived[0].key == "k1");
}

TEST_CASE("a room's messages keep their order, whatever happens to the first") {
  Post post;
  post.chat.script = {unknown};
  post.add("k1");
  post.add("k2");
  post.loop.settle();
  CHECK(post.chat.arrived.empty());
  post.pass(30s);
  post.until_arrived(2);
  CHECK(post.chat.texts() == Texts{"text of k1", "text of k2"});
}

TEST_CASE("a room that hangs holds up no other") {
  Post post;
  post.chat.held = "r1";
  post.add("k1", "r1");
  post.add("k2", "r2");
  post.until_arrived(1);
  CHECK(post.chat.texts() == Texts{"text of k2"});
  post.chat.release();
  post.until_arrived(2);
}

TEST_CASE("a message that the chat puts off is sent at the time it named") {
  Post post;
  const auto later = post.clock.now() + 10s;
  post.chat.script = {[later] { return Delayed{later}; }};
  post.add("k1");
  post.loop.until([&] { return post.chat.tries.size() == 1; });
  post.pass(9s);
  CHECK(post.chat.tries.size() == 1);
  CHECK(post.state("k1") == "due");
  post.pass(1s);
  post.until_arrived(1);
  CHECK(post.state("k1") == "sent");
}

TEST_CASE("a message that the chat refuses, or that is none, is dropped and the next one goes") {
  Post post;
  post.chat.script = {[] { return Refused{"the room is gone"}; }};
  post.add("k1");
  storage::OutboxRow broken;
  broken.key = "k2";
  broken.chat = "scripted";
  broken.room = "r1";
  broken.kind = "line";
  broken.body = R"({"text":5})";
  broken.due = post.clock.now();
  post.storage.outbox.add(broken);
  post.add("k3");
  post.until_arrived(1);
  CHECK(post.state("k1") == "dropped");
  CHECK(post.state("k2") == "dropped");
  CHECK(post.chat.texts() == Texts{"text of k3"});
}

TEST_CASE("a message for a chat that is not configured stays due") {
  Post post;
  post.add("k1", "r1", "matrix");
  const Sender restarted(post.loop.io.get_executor(), post.clock, post.loop.random, post.storage,
                         {&post.chat});
  post.add("k2");
  post.until_arrived(1);
  CHECK(post.state("k1") == "due");
  CHECK(post.storage.outbox.waiting_chats() == Texts{"matrix"});
}

TEST_CASE("progress edits the row once it was sent, the latest text, at most every five seconds") {
  Post post;
  post.chat.held = "r1";
  post.add("op/plan");
  post.sender.progress("op/plan", "creating");
  post.sender.progress("op/plan", "booting");
  post.loop.settle();
  CHECK(post.chat.tries.size() == 1);
  post.chat.release();
  post.until_arrived(2);
  CHECK(post.chat.arrived[1].text == "booting");
  CHECK(post.chat.arrived[1].edits == "remote op/plan");
  CHECK(post.chat.arrived[1].key.starts_with("op/plan#"));
  post.sender.progress("op/plan", "joining");
  post.sender.progress("op/plan", "editor");
  post.pass(4s);
  CHECK(post.chat.arrived.size() == 2);
  post.pass(1s);
  post.until_arrived(3);
  CHECK(post.chat.arrived[2].text == "editor");
  CHECK(post.chat.arrived[2].key != post.chat.arrived[1].key);
  post.sender.progress("op/plan", "editor");
  post.pass(60s);
  CHECK(post.chat.arrived.size() == 3);
}

TEST_CASE("replies go before edits, also one that was put off") {
  Post post;
  post.add("op/plan");
  post.until_arrived(1);
  const auto later = post.clock.now() + 10s;
  post.chat.script = {[later] { return Delayed{later}; }};
  post.add("k1");
  post.sender.progress("op/plan", "booting");
  post.loop.settle();
  CHECK(post.chat.tries.size() == 2);
  post.pass(10s);
  post.until_arrived(3);
  CHECK(post.chat.texts() == Texts{"text of op/plan", "text of k1", "booting"});
}

TEST_CASE(
    "an operation that has said its last has no more progress, and what was shown of it is taken away") {
  Post post;
  post.add("op/plan");
  post.until_arrived(1);
  post.sender.progress("op/plan", "booting");
  post.until_arrived(2);
  post.sender.progress("op/plan", "joining");
  post.sender.settled("op/plan");
  post.pass(60s);
  post.until_arrived(3);
  CHECK(post.chat.texts() == Texts{"text of op/plan", "booting", ""});
  CHECK(post.chat.arrived[2].edits == post.chat.arrived[1].edits);
  post.pass(60s);
  CHECK(post.chat.arrived.size() == 3);
}

TEST_CASE("where no progress was shown, there is none to take away") {
  Post post;
  post.add("op/plan");
  post.until_arrived(1);
  post.sender.settled("op/plan");
  post.pass(60s);
  CHECK(post.chat.arrived.size() == 1);
}

TEST_CASE("an edit that may not have arrived is sent again later, with what is true then") {
  Post post;
  post.add("op/plan");
  post.until_arrived(1);
  post.chat.script = {unknown};
  post.sender.progress("op/plan", "booting");
  post.loop.until([&] { return post.chat.tries.size() == 2; });
  post.sender.progress("op/plan", "joining");
  post.pass(5s);
  post.until_arrived(2);
  CHECK(post.chat.arrived[1].text == "joining");
}
