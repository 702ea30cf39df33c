#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

/// boss is admin by the configuration; everybody else a member.
Setting with_admin() {
  return configured([](bot::Config& config) { config.settings.policy.admins = {"console:boss"}; });
}

/// alice is up and at work, and is asked whether to stop.
void asked_before_down(World& world) {
  world.behave("busy");
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
}

const std::string not_a_member =
    "You are not among the people this bot works for. An admin can add console:alice to members in its "
    "configuration, or say `role`. Nothing was done.";

}  // namespace

TEST_CASE("an admin gives a role and takes it, and its bearer is told") {
  World world(with_admin());
  CHECK(world.say("alice", "!devbox role @alice admin") == Texts{"`role` is for admins. Nothing was done."});
  CHECK(world.say("boss", "!devbox role @alice operator") ==
        Texts{"✓ @alice is operator now, and was member."});
  CHECK(world.last().mentions == Texts{"console:alice"});
  CHECK(world.say("boss", "!devbox role @alice") == Texts{"@alice is operator."});
  CHECK(world.say("boss", "!devbox role @alice none") == Texts{"✓ @alice is none now, and was operator."});
  CHECK(world.say("alice", "!devbox status") == Texts{not_a_member});
  CHECK(world.say("boss", "!devbox role @alice config") ==
        Texts{"✓ @alice is member now, by the configuration, and was none."});
  CHECK(world.say("boss", "!devbox role @alice king").front().ends_with("Nothing was changed."));
}

TEST_CASE("nothing but the configuration takes the rights of its admins") {
  World world(with_admin());
  world.say("boss", "!devbox role @alice admin");
  CHECK(world.say("alice", "!devbox role @boss none") ==
        Texts{"@boss is admin by the configuration, and only that can change it. Nothing was changed."});
  CHECK(world.say("alice", "!devbox role @alice member") == Texts{"✓ @alice is member now, and was admin."});
}

TEST_CASE("the last admin is asked before nobody is one") {
  World world;
  const auto alice = world.storage().people.ensure("console", "alice").id;
  world.storage().people.set_role(alice, "admin");
  CHECK(world.say("alice", "!devbox role @alice member") ==
        Texts{"You are the last admin: afterwards only the configuration can make another one. Do it all the "
              "same?"});
  CHECK(world.say("alice", "!devbox no").back() == "✗ `role` has not been done: you stay admin.");
  world.say("alice", "!devbox role @alice member");
  CHECK(world.say("alice", "!devbox yes").back() == "✓ @alice is member now, and was admin.");
  CHECK(world.storage().people.find(alice)->role == "member");
}

TEST_CASE("somebody of another platform with the same name is another one") {
  World world(with_admin());
  world.say("boss", "!devbox role @matrix:@alice:hs operator");
  CHECK(world.storage().people.find("matrix", "@alice:hs")->role == "operator");
  CHECK(world.storage().people.find("console", "alice").has_value() == false);
  CHECK(world.say("alice", "!devbox orphans") == Texts{"`orphans` is for operators. Nothing was done."});
}

TEST_CASE("an answer counts for nothing when its right was lost meanwhile") {
  World world(with_admin());
  asked_before_down(world);
  const auto yes = "!devbox " + world.last().choices.at(0);
  world.say("boss", "!devbox role @alice none");
  CHECK(world.say("alice", yes) == Texts{not_a_member});
  CHECK(world.servers().size() == 1);
  world.say("boss", "!devbox role @alice config");
  CHECK(world.say("alice", yes).back().starts_with("✓ alice is down."));
}

TEST_CASE("what has changed nothing yet is refused after a restart when its asker may not do it any more") {
  World world(with_admin());
  asked_before_down(world);
  world.say("boss", "!devbox role @alice none");
  world.restart();
  world.until([&] { return world.storage().journal.unfinished().empty(); });
  CHECK(world.until_quiet() ==
        Texts{"✗ `down` has not been done: its asker may not do that any more. " + not_a_member});
  CHECK(world.servers().size() == 1);
  CHECK(world.servers()[0]["status"] == "running");
}

TEST_CASE(
    "what has changed something goes on to its end after a restart, whatever its asker may do by then") {
  World world(with_admin());
  world.begin("alice", "!devbox up cpx32");
  world.until_step("create server");
  world.storage().people.set_role(world.storage().people.find("console", "alice")->id, "none");
  world.restart();
  CHECK(world.until_quiet().back().starts_with("✓ alice is up"));
  CHECK(world.servers().size() == 1);
}

TEST_CASE("what waits behind another operation is checked when its turn comes") {
  World world(with_admin());
  asked_before_down(world);
  world.say("alice", "!devbox up");
  world.storage().people.set_role(world.storage().people.find("console", "alice")->id, "none");
  const auto waiting = world.storage().journal.unfinished().front();
  const auto question = world.storage().journal.question(waiting.id, "work").value();
  world.storage().journal.answer(question.id, "no", 0);
  world.restart();
  world.until([&] { return world.storage().journal.unfinished().empty(); });
  world.until_quiet();
  CHECK(world.heard("✗ `down` has not been done: its asker may not do that any more. ") == 1);
  CHECK(world.heard("✗ `up` has not been done: its asker may not do that any more. ") == 1);
  CHECK(world.servers().size() == 1);
}

TEST_CASE("in a room for reading nothing is changed, and help shows what is left") {
  World world(configured([](bot::Config& config) {
    config.settings.policy.admins = {"console:*"};
    config.settings.policy.rooms = {{"alice", commands::RoomLimit::read}};
  }));
  CHECK(world.say("alice", "!devbox up") ==
        Texts{"`up` is not done in this room, which is for reading only ([policy] rooms). Say it in another "
              "one. Nothing was done."});
  CHECK(world.say("alice", "!devbox help").back() ==
        "An example of each; !devbox help VERB says more.\n"
        "up and down: status all\nwhen it stops: why\nget in: open · ssh · logs volume\n"
        "what there is, and what it costs: cost month · types nbg1\nanswer and ask: help up");
  CHECK(world.say("bob", "!devbox up").back().starts_with("✓ bob is up"));
  CHECK(world.say("alice", "!devbox status @bob").back().starts_with("✓ bob is up"));
}
