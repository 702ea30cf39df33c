#include "commands/permission.hpp"
#include "commands/post.hpp"
#include "commands/whose.hpp"
#include "tests/catch.hpp"
#include "tests/commands/alone.hpp"

using namespace commands;
using namespace commands::test;

/// Nobody makes the bot do with another one's rights what they may not do with their own.
namespace {

struct Lobby : Alone {
  Lobby() {
    settings.policy.members = {"console:*", "matrix:@*:hs"};
    settings.policy.operators = {"matrix:@root:hs"};
  }
  Caller caller(const std::string& platform, const std::string& user) {
    Caller caller;
    caller.person = storage.people.ensure(platform, user);
    caller.role = role_of(settings.policy, caller.person);
    caller.message.chat = platform;
    caller.message.room = "#dev";
    caller.message.key = "key" + std::to_string(++messages);
    return caller;
  }
  /// What is answered to a line, or to a button under the message `pressed`.
  std::string answer(Caller caller, const std::string& line, const std::string& pressed = "") {
    caller.message.answer_to = pressed;
    caller.role = role_of(settings.policy, storage.people.find(caller.person.id).value());
    try {
      const auto asked = understand(world, caller, line);
      const auto begun = asked.command->begin(world, caller, asked.request);
      if (const auto* text = std::get_if<std::string>(&begun)) return *text;
      if (const auto* message = std::get_if<Message>(&begun)) return message->text;
      return "begun";
    } catch (const Error& error) {
      return error.what();
    }
  }
  /// An operation of alice's that asks; returns the key of its message.
  std::string asks(const std::string& origin, const std::string& nonce) {
    const auto operation = begun(origin, "down");
    storage::QuestionRow row;
    row.operation = operation.id;
    row.name = "work";
    row.nonce = nonce;
    row.who = alice;
    row.choices = {"yes", "no"};
    row.message = operation.id + "/work";
    row.expires = clock.now() + std::chrono::minutes(10);
    storage.journal.ask(row);
    Message message;
    message.mentions = {"console:alice"};
    post(world, {"console", "#dev", ""}, row.message, "question", message);
    return row.message;
  }
  std::string answer_of(const std::string& origin) {
    return storage.journal.question(storage::operation_id(origin), "work")->answer;
  }
  int messages = 0;
};

}  // namespace

TEST_CASE("another one's button does nothing, whatever it says") {
  Lobby lobby;
  const auto question = lobby.asks("m1", "1111");
  const auto bob = lobby.caller("console", "bob");
  CHECK(lobby.answer(bob, "yes 1111", question) == "Nothing is waiting for your answer.");
  Message offer;
  offer.mentions = {"console:alice"};
  post(lobby.world, {"console", "#dev", ""}, "m2/answer", "answer", offer);
  CHECK(lobby.answer(bob, "up main", "m2/answer") ==
        "Those buttons are for somebody else. Nothing was done.");
  CHECK(lobby.answer_of("m1").empty());
}

TEST_CASE("a button that was pressed before does nothing after its right was lost") {
  Lobby lobby;
  const auto question = lobby.asks("m1", "1111");
  lobby.storage.people.set_role(lobby.alice, "none");
  const auto alice = lobby.caller("console", "alice");
  CHECK(lobby.answer(alice, "yes 1111", question).starts_with("You are not among the people"));
  CHECK(lobby.answer_of("m1").empty());
}

TEST_CASE("an old button answers no new question that has come to the same code") {
  Lobby lobby;
  const auto alice = lobby.caller("console", "alice");
  const auto first = lobby.asks("m1", "1111");
  CHECK(lobby.answer(alice, "no 1111", first) == "Understood: no.");
  const auto second = lobby.asks("m2", "1111");
  CHECK(lobby.answer(alice, "yes 1111", first) == "No open question of yours has the code 1111; open: 1111.");
  CHECK(lobby.answer_of("m2").empty());
  CHECK(lobby.answer(alice, "yes 1111", second) == "Understood: yes.");
  CHECK(lobby.answer_of("m1") == "no");
}

TEST_CASE("a name says who is meant by user id alone") {
  Lobby lobby;
  const auto root = lobby.caller("matrix", "@root:hs");
  CHECK(person_named(lobby.world, root, "alice:hs").user == "@alice:hs");
  CHECK(person_named(lobby.world, root, "alice:hs").platform == "matrix");
  CHECK(lobby.answer(root, "down @admin") ==
        "\"@admin\" is nobody's id here: mention them, or write the whole of it, like @bob:example.org. "
        "Display names can be anybody's. Nothing was done.");
  const auto here = lobby.caller("console", "carol");
  CHECK(person_named(lobby.world, here, "alice").id == lobby.alice);
  CHECK(person_named(lobby.world, here, "alice:hs").id == 0);
  const auto slack = lobby.caller("slack", "T1/U1");
  CHECK(person_named(lobby.world, slack, "U2").user == "T1/U2");
  CHECK(person_named(lobby.world, slack, "slack:T2/U2").user == "T2/U2");
  CHECK_THROWS_AS(person_named(lobby.world, slack, "bob"), Error);
}

TEST_CASE("somebody in Slack is written by name, or by user id as long as nobody knows one") {
  Lobby lobby;
  const auto one = lobby.caller("slack", "T1/U1");
  lobby.settings.policy.members.emplace_back("slack:T1/*");
  CHECK(shown(lobby.caller("slack", "T1/U2").person) == "U2");
  CHECK(lobby.answer(one, "cost @U2") == "U2 has no workspace yet, so nothing costs anything.");
  lobby.storage.people.name("slack", "T1/U2", "bob\n12:00 · root");
  CHECK(shown(lobby.caller("slack", "T1/U2").person) == "bob");
  CHECK(shown(lobby.caller("matrix", "@bob:hs").person) == "@bob:hs");
}

TEST_CASE("a user of another platform or team with the same name has none of the other's rights") {
  Lobby lobby;
  lobby.settings.policy.members.emplace_back("slack:T1/*");
  lobby.settings.policy.operators.emplace_back("slack:T1/U1");
  CHECK(lobby.caller("slack", "T1/U1").role == Role::operating);
  CHECK(lobby.caller("slack", "T2/U1").role == Role::nobody);
  CHECK(lobby.caller("console", "@root:hs").role == Role::nobody);
  CHECK(lobby.answer(lobby.caller("matrix", "@alice:hs"), "down") ==
        "You have no workspace yet. !devbox up makes one.");
  CHECK(lobby.answer(lobby.caller("matrix", "@alice:hs"), "down alice").starts_with("That workspace is not"));
}

TEST_CASE("a role that was given to a user holds for that user alone") {
  Lobby lobby;
  lobby.storage.people.set_role(lobby.storage.people.ensure("matrix", "@bob:hs").id, "operator");
  CHECK(lobby.caller("matrix", "@bob:hs").role == Role::operating);
  CHECK(lobby.caller("matrix", "@bob:evil").role == Role::nobody);
  CHECK(lobby.caller("console", "bob").role == Role::member);
}
