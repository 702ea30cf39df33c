#include <algorithm>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

TEST_CASE("nobody sees, stops or cancels another one's workspace") {
  World world;
  world.say("alice", "!devbox up");
  CHECK(world.say("bob", "!devbox down alice") ==
        Texts{"That workspace is not yours: `down` is for its owner, whom it is shared with and operators. "
              "Nothing was done."});
  CHECK(world.say("bob", "!devbox cancel alice") ==
        Texts{"That workspace is not yours: `cancel` is for its owner, whom it is shared with and operators. "
              "Nothing was done."});
  CHECK(world.say("bob", "!devbox status") == Texts{"You have no workspace yet. !devbox up makes one."});
  CHECK(world.servers().size() == 1);
}

TEST_CASE("two people of one name have hostnames of their own") {
  World world;
  CHECK(world.say("bob", "!devbox up").back().starts_with("✓ bob is up"));
  CHECK(world.say("Bob", "!devbox up").back().starts_with("✓ bob-b is up"));
  CHECK(world.servers().size() == 2);
  CHECK(world.say("Bob", "!devbox down").back().starts_with("✓ bob-b is down."));
  CHECK(world.servers()[0]["name"] == "bob");
}

TEST_CASE("down of what is down is said, and of what never was") {
  World world;
  CHECK(world.say("alice", "!devbox down") == Texts{"You have no workspace yet. !devbox up makes one."});
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox down") == Texts{"alice is down already. !devbox up brings it back."});
  CHECK(world.say("alice", "!devbox status") ==
        Texts{"– alice is down · 20 GB volume and IPv4 203.0.113.1 in fsn1, €1.64 a month\n"
              "  !devbox up brings it up"});
}

TEST_CASE("help fits a chat, and shows what this person may do") {
  World world(configured([](bot::Config& config) { config.settings.policy.members = {"console:alice"}; }));
  const auto all = world.say("alice", "!devbox help").back();
  CHECK(std::count(all.begin(), all.end(), '\n') < 12);
  CHECK(
      all ==
      "An example of each; !devbox help VERB says more.\n"
      "up and down: up cpx32 · down · status all · rebuild · resize cpx42 · grow 40 · delete old · "
      "undelete old · cancel\n"
      "when it stops: extend 2h · keep until 18:00 · snooze 30m · why · schedule 9-18 mon-fri Europe/Riga · "
      "quiet 22-7\n"
      "get in: open · ssh · logs volume · key list · timezone Europe/Riga\n"
      "what there is, and what it costs: cost month · types nbg1 · images · watch cpx32\n"
      "with others: share @bob 2h · unshare @bob · request cpx52 \"training run\"\n"
      "answer and ask: yes · no 1234 · help up");
  CHECK(world.say("mallory", "!devbox help") ==
        Texts{"An example of each; !devbox help VERB says more.\nanswer and ask: help up"});
  CHECK(world.say("alice", "!devbox help stop") ==
        Texts{"down [@user] [name|all] [in 20m] [--force]\n  write files out, "
              "delete the server, keep volume and address; all: everybody's; for "
              "example `!devbox down`\n  the same: stop"});
}

TEST_CASE("what was begun and how it ended is in the audit") {
  World world;
  world.say("alice", "!devbox up cpx32");
  const auto operation = world.storage().journal.recent("up", 1).at(0);
  CHECK(operation.state == "done");
  std::vector<std::string> results;
  for (const auto& row : world.storage().audit.last(10))
    if (row.operation == operation.id) results.push_back(row.command + ": " + row.result);
  std::sort(results.begin(), results.end());
  CHECK(results == Texts{"!devbox up cpx32: begun", "!devbox up cpx32: done"});
}
