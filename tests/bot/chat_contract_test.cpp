#include "net/spawn.hpp"
#include "tests/bot/console_person.hpp"
#include "tests/bot/control_person.hpp"
#include "tests/bot/matrix_person.hpp"
#include "tests/bot/slack_person.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// A chat with its person, listened to: what the bot may rely on, whatever the platform.
template <class Person>
struct Room {
  Room() {
    auto receive = [this](const Batch& batch) {
      acknowledged_before_stored += person.acknowledged() > stored.size() ? 1 : 0;
      for (const auto& message : batch.messages) stored.push_back(message);
    };
    net::spawn(loop.io.get_executor(), "listen", person.chat().listen(receive));
  }
  SendResult send(const std::string& key, const std::string& text, const std::string& edits = "") {
    Out message;
    message.key = key;
    message.room = person.room();
    message.text = text;
    message.edits = edits;
    return run(loop.io, person.chat().send(message));
  }
  void until_shown(const std::string& text) {
    loop.until([&] { return person.screen().find(text) != std::string::npos; });
  }
  int times_shown(const std::string& text) {
    int times = 0;
    for (auto at = person.screen().find(text); at != std::string::npos;
         at = person.screen().find(text, at + 1))
      ++times;
    return times;
  }

  Loop loop;
  Person person{loop};
  std::vector<In> stored;
  int acknowledged_before_stored = 0;
};

std::string every_kind_of_text() {
  std::string text =
      "<b>&amp; \"quoted\" 'single' \\back\\ é 日本 👩‍🚀 €0.0569/h\n  second line\n\n";
  while (text.size() < 4000) text += "0123456789";
  return text + "\nthe end";
}

}  // namespace

TEMPLATE_TEST_CASE("what a person writes is received once, with who and where", "[contract]", ConsolePerson,
                   ControlPerson, MatrixPerson, SlackPerson) {
  Room<TestType> room;
  room.person.say("up cpx32 <&> 🚀");
  room.loop.until([&] { return room.stored.size() == 1; });
  room.person.say("status");
  room.loop.until([&] { return room.stored.size() == 2; });
  CHECK(room.stored[0].text == "up cpx32 <&> 🚀");
  CHECK(room.stored[0].sender == room.person.sender());
  CHECK(room.stored[0].room == room.person.room());
  CHECK(room.stored[0].direct);
  CHECK_FALSE(room.stored[0].key.empty());
  CHECK(room.stored[1].text == "status");
  CHECK(room.stored[1].key != room.stored[0].key);
}

TEMPLATE_TEST_CASE("a message is stored before the chat hears that it was", "[contract]", ConsolePerson,
                   ControlPerson, MatrixPerson, SlackPerson) {
  Room<TestType> room;
  for (std::size_t n = 1; n <= 5; ++n) {
    room.person.say("status");
    room.loop.until([&] { return room.stored.size() == n; });
  }
  CHECK(room.acknowledged_before_stored == 0);
}

TEMPLATE_TEST_CASE("the same key sent twice is shown once", "[contract]", ConsolePerson, ControlPerson,
                   MatrixPerson, SlackPerson) {
  Room<TestType> room;
  const auto first = room.send("op/ready", "alice is up");
  const auto again = room.send("op/ready", "alice is up");
  room.send("op/other", "something else");
  room.until_shown("something else");
  CHECK(room.times_shown("alice is up") == 1);
  REQUIRE(std::holds_alternative<Sent>(first));
  REQUIRE(std::holds_alternative<Sent>(again));
  CHECK(std::get<Sent>(first).remote_id == std::get<Sent>(again).remote_id);
}

TEMPLATE_TEST_CASE("messages of a room are shown in the order they were sent", "[contract]", ConsolePerson,
                   ControlPerson, MatrixPerson, SlackPerson) {
  Room<TestType> room;
  std::string expected;
  for (int n = 1; n <= 20; ++n) {
    const auto text = "message " + std::to_string(n);
    room.send("op/" + std::to_string(n), text);
    expected += text + "\n";
  }
  room.until_shown("message 20");
  CHECK(room.person.screen() == expected);
}

TEMPLATE_TEST_CASE("text arrives whole", "[contract]", ConsolePerson, ControlPerson, MatrixPerson,
                   SlackPerson) {
  Room<TestType> room;
  room.send("op/long", every_kind_of_text());
  room.until_shown("the end");
  CHECK(room.person.screen() == every_kind_of_text() + "\n");
}

TEMPLATE_TEST_CASE("an edit names the message it replaces", "[contract]", ConsolePerson, ControlPerson,
                   MatrixPerson, SlackPerson) {
  Room<TestType> room;
  const auto plan = room.send("op/plan", "the plan");
  REQUIRE(std::holds_alternative<Sent>(plan));
  const auto edited = room.send("op/plan#1", "booting", std::get<Sent>(plan).remote_id);
  room.until_shown("booting");
  CHECK(std::holds_alternative<Sent>(edited));
  CHECK(room.person.screen() == "the plan\n… booting\n");
}
