#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;
using Catch::Matchers::Contains;

namespace {

/// What is deleted goes for good within seconds.
Setting hasty() {
  return configured([](bot::Config& config) {
    config.settings.policy.operators = {"console:root"};
    config.settings.policy.trash.time = 1500ms;
    config.settings.policy.trash.notice = 1s;
  });
}

void up_and_down(World& world) {
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down");
}

int deletions(World& world) {
  int all = 0;
  for (const auto& request : world.requests()) all += request["method"] == "DELETE";
  return all;
}

}  // namespace

TEST_CASE(
    "what is deleted waits in the trash with its price, and comes back with its name, files and address") {
  World world;
  up_and_down(world);
  const auto volume = world.volumes().at(0);
  const auto address = world.ips().at(0);
  const auto question = world.say("alice", "!devbox delete main").back();
  CHECK_THAT(question,
             Contains("Delete alice?\n  Into the trash, with all that is in /home: 20 GB volume \"") &&
                 Contains("IPv4 " + address["ip"].get<std::string>()) &&
                 Contains("`!devbox undelete main` brings it back, and it costs €") &&
                 !Contains("goes down first"));
  CHECK(world.last().choices.size() == 2);
  CHECK(world.say("bob", "!devbox yes") == Texts{"Nothing is waiting for your answer."});
  CHECK(world.say("alice", "!devbox no").back() == "✓ alice stays as it is; nothing was deleted.");
  CHECK(world.say("alice", "!devbox status").back().starts_with("– alice is down"));

  world.say("alice", "!devbox delete main");
  const auto before = deletions(world);
  CHECK(world.say("alice", "!devbox yes").back().starts_with("✓ alice is in the trash until "));
  CHECK(deletions(world) == before);
  const auto in_trash = world.say("alice", "!devbox status").back();
  CHECK_THAT(in_trash,
             Contains("alice is in the trash until ") && Contains("a month. `!devbox undelete main`"));
  CHECK_THAT(world.say("bob", "!devbox status all").back(), Contains("alice · alice · in the trash until "));
  CHECK(world.say("alice", "!devbox up") == Texts{in_trash + " Nothing was done."});
  CHECK(world.say("alice", "!devbox down main") == Texts{in_trash + " Nothing was done."});
  CHECK(world.say("alice", "!devbox delete main") == Texts{in_trash});
  CHECK_THAT(world.say("alice", "!devbox cost").back(), Contains("also while it is down: €"));
  CHECK(world.say("bob", "!devbox undelete alice") ==
        Texts{"That workspace is not yours: `undelete` is for its owner and operators. Nothing was done."});

  CHECK(world.say("alice", "!devbox undelete main").back().starts_with("✓ alice is back: 20 GB"));
  CHECK(world.say("alice", "!devbox undelete main") ==
        Texts{"alice is not in the trash. Nothing was changed."});
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(world.volumes().at(0)["id"] == volume["id"]);
  CHECK(world.volumes().size() == 1);
  CHECK(world.servers().at(0)["public_net"]["ipv4"]["ip"] == address["ip"]);
}

TEST_CASE("one that runs is named with its work, goes down first, and then goes into the trash") {
  World world;
  world.behave("busy");
  world.say("alice", "!devbox up");
  const auto question = world.say("alice", "!devbox delete main").back();
  CHECK_THAT(question, Contains("Its server goes down first.") && Contains("\n  running: make"));
  CHECK(world.servers().size() == 1);
  const auto said = world.say("alice", "!devbox yes");
  // It is not asked about the same work again.
  CHECK(world.heard("alice is at work") == 0);
  CHECK(world.heard("✓ alice is down.") == 1);
  CHECK(said.back().starts_with("✓ alice is in the trash until "));
  CHECK(world.servers().empty());
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("files that cannot be written out keep what was to be deleted") {
  World world;
  world.behave("flush_fails");
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox delete main");
  CHECK(world.say("alice", "!devbox yes").back().starts_with("alice could not write everything out: "));
  CHECK(world.say("alice", "!devbox no").back() ==
        "✗ `delete` has not been done: alice still runs, so it was not deleted.");
  CHECK(world.servers().size() == 1);
  CHECK(world.say("alice", "!devbox status").back().starts_with("✓ alice is up"));
}

TEST_CASE("nothing is deleted while a question is open, also over a restart") {
  World world;
  world.say("alice", "!devbox up");
  const auto before = deletions(world);
  world.say("alice", "!devbox delete main");
  world.restart();
  // It is asked again, or about to be.
  CHECK_THAT(world.say("alice", "!devbox up").back(),
             Contains("alice: `delete` ") && Contains(". Say it again when that has ended."));
  CHECK(deletions(world) == before);
  CHECK(world.servers().size() == 1);
  CHECK(world.say("alice", "!devbox yes").back().starts_with("✓ alice is in the trash until "));
}

TEST_CASE("a question that nobody answers deletes nothing") {
  World world(configured([](bot::Config& config) { config.settings.limits.answer = 100ms; }));
  up_and_down(world);
  world.begin("alice", "!devbox delete main");
  world.until([&] { return world.heard("✓ alice stays as it is; nothing was deleted.") == 1; });
  CHECK(world.storage().workspaces.trashed().empty());
}

TEST_CASE("its owner is told before it goes for good, and then its name is free again") {
  World world(hasty());
  up_and_down(world);
  world.say("alice", "!devbox delete main");
  world.say("alice", "!devbox yes");
  world.until([&] { return world.heard("! alice is in the trash until ") == 1; });
  CHECK(world.last().mentions == Texts{"console:alice"});
  CHECK(world.last().choices == Texts{"undelete main"});
  CHECK(world.volumes().size() == 1);
  world.until([&] { return world.heard("✓ alice is deleted for good: 20 GB volume \"") == 1; });
  CHECK(world.volumes().empty());
  CHECK(world.ips().empty());
  CHECK(world.say("alice", "!devbox undelete main").back().starts_with("You have no workspace"));
  CHECK_THAT(world.say("alice", "!devbox cost month").back(), Contains("alice (deleted)\n"));
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("one that comes back after its owner was told does not go") {
  World world(hasty());
  up_and_down(world);
  world.say("alice", "!devbox delete main");
  world.say("alice", "!devbox yes");
  world.until([&] { return world.heard("! alice is in the trash until ") == 1; });
  CHECK(world.say("alice", "!devbox undelete main").back().starts_with("✓ alice is back"));
  world.until([&, end = net::SystemClock().now() + 2s] { return net::SystemClock().now() > end; });
  CHECK(world.volumes().size() == 1);
  CHECK(world.heard("✓ alice is deleted for good") == 0);
}

TEST_CASE("what belongs to another bot by now is left alone, said each time, and comes back") {
  World world(hasty());
  up_and_down(world);
  const auto path = "/v1/volumes/" + world.volumes().at(0)["id"].dump();
  auto labels = world.volumes().at(0)["labels"];
  labels["devbox-bot"] = "other";
  world.sim("PUT", path, {{"labels", labels}});
  world.say("root", "!devbox delete alice");
  world.say("root", "!devbox yes");
  const std::string why =
      "✗ `delete` has not been done: alice is not deleted for good: its volume is not to be touched: its "
      "label devbox-bot says other. It stays in the trash for 1 s more, and what is left of it is billed.";
  world.until([&] { return world.heard(why) == 1; });
  CHECK(world.volumes().size() == 1);
  CHECK(world.ips().size() == 1);
  world.until([&] { return world.heard("! alice is in the trash until ") == 2; });
  CHECK(world.say("alice", "!devbox undelete main").back().starts_with("✓ alice is back: 20 GB"));
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
}

TEST_CASE("what has neither volume nor address goes at once") {
  World world;
  const auto alice = world.storage().people.ensure("console", "alice").id;
  storage::WorkspaceRow row;
  row.owner = alice;
  row.name = "old";
  row.hostname = "alice-old";
  world.storage().workspaces.add(row);
  CHECK(world.say("alice", "!devbox delete old").back() == "Delete alice-old?");
  CHECK(world.say("alice", "!devbox yes").back() ==
        "✓ alice-old is deleted: it had neither volume nor address.");
  CHECK(world.storage().workspaces.all().empty());
}

TEST_CASE("a name has to be said to delete") {
  World world;
  up_and_down(world);
  CHECK(world.say("alice", "!devbox delete") ==
        Texts{"`delete` wants the name, as in `delete main`; `status` lists them. Nothing was done."});
  CHECK(world.say("alice", "!devbox delete mian").back().starts_with("You have no workspace \"mian\"."));
  CHECK(world.say("alice", "!devbox up all") ==
        Texts{"\"all\" cannot be a workspace's name. Nothing was done."});
}

TEST_CASE("what is not to be found is not believed to be gone") {
  World world(hasty());
  up_and_down(world);
  world.say("alice", "!devbox delete main");
  // As when the token is another project's.
  const auto trash = [&] {
    auto& workspaces = world.storage().workspaces;
    const auto row = workspaces.all().at(0);
    workspaces.set_volume(row.id, row.location, 4711, row.volume_gb);
  };
  world.say("alice", "!devbox yes");
  trash();
  world.until([&] {
    return world.heard(
               "✗ `delete` has not been done: alice is not deleted for good: its "
               "volume 4711 is not in the project. It stays") == 1;
  });
  CHECK(world.ips().size() == 1);
  CHECK(world.storage().workspaces.trashed().size() == 1);
}

TEST_CASE("nothing goes of which the chat has refused the announcement") {
  World world(hasty());
  up_and_down(world);
  world.say("alice", "!devbox delete main");
  world.say("alice", "!devbox yes");
  world.until([&] { return world.heard("! alice is in the trash until ") == 1; });
  world.until([&] { return world.storage().outbox.pending() == 0; });
  auto& raw = world.storage().database.handle();
  raw.exec("UPDATE outbox SET state = 'dropped' WHERE key LIKE 'trash:%'");
  world.until([&] { return world.heard("! alice is in the trash until ") == 2; });
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("nobody else takes a delete back by a down") {
  World world;
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox share @bob 2h");
  world.say("alice", "!devbox delete main");
  CHECK(world.say("bob", "!devbox down alice").back().starts_with("alice: `delete` waits for an answer."));
  CHECK(world.say("alice", "!devbox yes").back().starts_with("✓ alice is in the trash until "));
}

TEST_CASE("what was deleted for good is reached by no name") {
  World world(hasty());
  up_and_down(world);
  world.say("alice", "!devbox delete main");
  world.say("alice", "!devbox yes");
  world.until([&] { return world.heard("✓ alice is deleted for good") == 1; });
  for (const std::string verb : {"status", "delete", "undelete", "down"})
    CHECK_THAT(world.say("alice", "!devbox " + verb + " main~1").back(), Contains("You have no workspace"));
  CHECK_THAT(world.say("bob", "!devbox status alice~1").back(), Contains("You have no workspace"));
}

TEST_CASE("an operator who deletes another one's is told the line that is theirs") {
  World world(hasty());
  up_and_down(world);
  CHECK_THAT(world.say("root", "!devbox delete alice").back(),
             Contains("`!devbox undelete alice` brings it back"));
  world.say("root", "!devbox yes");
  CHECK(world.say("root", "!devbox undelete alice").back().starts_with("✓ alice is back: 20 GB volume"));
  CHECK(world.last().mentions == Texts{"console:root", "console:alice"});
  CHECK(world.say("alice", "!devbox request name=main \"a try\"").back() ==
        "Operators are asked: it is request 1.");
  world.say("root", "!devbox delete alice");
  world.say("root", "!devbox yes");
  CHECK_THAT(world.say("root", "!devbox approve 1").back(), Contains("alice is in the trash until "));
}
