#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

/// root is an operator; everybody else a member.
Setting with_operator(std::function<void(bot::Config&)> configure = [](bot::Config&) {}) {
  return configured([configure](bot::Config& config) {
    config.settings.policy.operators = {"console:root"};
    configure(config);
  });
}

bool ends_on(const Texts& said, const std::string& beginning) {
  return !said.empty() && said.back().starts_with(beginning);
}

}  // namespace

TEST_CASE("an operator brings up a teammate's workspace, which is hers in every way, and both are told") {
  World world(with_operator());
  CHECK(ends_on(world.say("root", "!devbox up cpx32 for @bob"), "✓ bob is up — https://bob.tail1234.ts.net"));
  CHECK(world.last().mentions == Texts{"console:root", "console:bob"});
  CHECK(world.last().text.ends_with("\n  @bob's; asked for by @root, for whom it is called bob"));
  CHECK(world.say("root", "!devbox status") == Texts{"You have no workspace yet. !devbox up makes one."});
  CHECK(ends_on(world.say("bob", "!devbox status"), "✓ bob is up"));
  CHECK(ends_on(world.say("bob", "!devbox down"), "✓ bob is down."));
  CHECK(ends_on(world.say("root", "!devbox up for @bob"), "✓ bob is up"));
  CHECK(ends_on(world.say("root", "!devbox down @bob"), "✓ bob is down."));
  CHECK(world.last().mentions == Texts{"console:root", "console:bob"});
  CHECK(world.volumes().size() == 1);
}

TEST_CASE("a member brings up nobody else's workspace, and an operator none of a stranger") {
  World world(with_operator([](bot::Config& config) {
    config.settings.policy.members = {"console:alice", "console:bob"};
  }));
  CHECK(world.say("alice", "!devbox up for @bob") ==
        Texts{"That workspace is not yours: `up` is for its owner, whom it is shared with and operators. "
              "Nothing was done."});
  CHECK(world.say("root", "!devbox up for @mallory") ==
        Texts{"@mallory is not among the people this bot works for: `role @user member` or members in "
              "[policy] changes that. Nothing was done."});
  CHECK(world.servers().empty());
  CHECK(world.storage().workspaces.all().empty());
}

TEST_CASE("a person's name that is nearly another one's is asked about") {
  World world(with_operator());
  world.say("bob", "!devbox help");
  CHECK(world.say("root", "!devbox up for @bobb") ==
        Texts{"Nobody has heard of @bobb yet. Did you mean @bob? If not, say it with --new. Nothing was "
              "done."});
  CHECK(ends_on(world.say("root", "!devbox up for @bobb --new"), "✓ bobb is up"));
}

TEST_CASE("a workspace's name that is nearly another one's makes nothing before it is asked about") {
  World world;
  world.say("alice", "!devbox up main");
  world.say("alice", "!devbox down");
  CHECK(
      world.say("alice", "!devbox up maim cpx22") ==
      Texts{"There is no workspace \"maim\", but \"main\". Which is meant? `!devbox up cpx22 main` brings "
            "that up, `!devbox up cpx22 maim --new` makes a new one, with a volume and an address that cost "
            "money. Nothing was done."});
  CHECK(world.last().choices == Texts{"up cpx22 main", "up cpx22 maim --new"});
  CHECK(world.storage().workspaces.all().size() == 1);
  CHECK(ends_on(world.say("alice", "!devbox " + world.last().choices[1]), "✓ alice-maim is up"));
}

TEST_CASE(
    "whom a workspace is shared with starts, opens and stops it, and nothing else, until the time ends") {
  World world;
  world.say("alice", "!devbox up");
  const auto said = world.say("alice", "!devbox share @bob 2h");
  CHECK(said.back().starts_with("alice is shared with @bob until "));
  CHECK(said.back().find("a grant from their login to tag:devbox, tcp:443, 80 and 22") != std::string::npos);
  CHECK(world.last().mentions == Texts{"console:alice", "console:bob"});
  CHECK(world.say("alice", "!devbox status").back().find("\n  shared with @bob until ") != std::string::npos);
  CHECK(ends_on(world.say("bob", "!devbox open alice"), "https://alice.tail1234.ts.net"));
  CHECK(ends_on(world.say("bob", "!devbox why @alice"), "alice: "));
  const auto refused = world.say("bob", "!devbox extend alice 2h");
  CHECK(refused == Texts{"That workspace is not yours: `extend` is for its owner and operators. Nothing was "
                         "done."});
  CHECK(ends_on(world.say("bob", "!devbox down alice"), "✓ alice is down."));
  CHECK(world.last().mentions == Texts{"console:bob", "console:alice"});
  CHECK(ends_on(world.say("bob", "!devbox up alice"), "✓ alice is up"));
  CHECK(ends_on(world.say("alice", "!devbox unshare @bob"), "alice is no longer shared with @bob"));
  CHECK(ends_on(world.say("bob", "!devbox open alice"), "That workspace is not yours: `open` is for"));
  world.say("alice", "!devbox share @bob 1s");
  world.until([&] { return world.heard("alice is no longer shared with @bob: the time has passed") == 1; });
  CHECK(ends_on(world.say("bob", "!devbox down alice"), "That workspace is not yours"));
  CHECK(world.servers().size() == 1);
}

TEST_CASE("a name that is another one's hostname is taken for a new workspace only when that is said") {
  World world;
  world.say("alice", "!devbox up");
  CHECK(world.say("bob", "!devbox up alice") ==
        Texts{"\"alice\" is another one's workspace, and not shared with you. `!devbox up alice --new` makes "
              "one of that name of your own. Nothing was done."});
  CHECK(ends_on(world.say("bob", "!devbox up alice --new"), "✓ bob-alice is up"));
  CHECK(world.servers().size() == 2);
}

TEST_CASE("what was requested comes up in the asker's name when another one approves it") {
  World world(with_operator());
  world.say("root", "!devbox help");
  const auto asked = world.say("alice", "!devbox request cpx42 \"training run\"");
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].starts_with("Request 1: cpx42 for @alice's workspace main"));
  CHECK(asked[0].find(": training run\n") != std::string::npos);
  CHECK(asked[1] == "Operators are asked: it is request 1.");
  CHECK(world.say("alice", "!devbox approve 1") == Texts{"`approve` is for operators. Nothing was done."});
  CHECK(world.servers().empty());
  const auto said = world.say("root", "!devbox approve 1");
  CHECK(world.heard("Request 1 (cpx42 for @alice's workspace main) is approved by @root.") == 1);
  CHECK(ends_on(said, "✓ alice is up"));
  CHECK(world.servers()[0]["server_type"]["name"] == "cpx42");
  CHECK(world.storage().journal.recent("up", 1).at(0).origin == "approval:1");
  CHECK(world.say("root", "!devbox approve 1") == Texts{"Request 1 was approved by @root already."});
  CHECK(world.servers().size() == 1);
}

TEST_CASE("a request is not decided by its asker, and is denied by an operator") {
  World world(with_operator());
  world.say("root", "!devbox request \"a try\"");
  CHECK(world.say("root", "!devbox approve 1") ==
        Texts{"Request 1 is yours: somebody else has to decide it. Nothing was done."});
  world.say("alice", "!devbox request \"another\"");
  CHECK(world.say("root", "!devbox deny 2").back() == "Request 2 is denied.");
  CHECK(world.heard("Request 2 (cpx32 for @alice's workspace main) is denied by @root.") == 1);
  CHECK(world.say("root", "!devbox approve 2") == Texts{"Request 2 was denied by @root already."});
  CHECK(world.say("root", "!devbox approve 3") == Texts{"There is no request 3. Nothing was done."});
  CHECK(world.servers().empty());
}

TEST_CASE("a request that nobody decides in time counts as denied, also after a restart") {
  World world(with_operator(
      [](bot::Config& config) { config.settings.policy.approve.wait = std::chrono::milliseconds(1); }));
  world.say("alice", "!devbox request \"a try\"");
  world.restart();
  const std::string late = "Request 1 (cpx32 for @alice's workspace main) was not decided in time";
  world.until([&] { return world.heard(late) == 1; });
  CHECK(world.say("root", "!devbox approve 1").back() ==
        "Request 1 was not decided in time and counts as denied. Nothing was done.");
  CHECK(world.heard(late) == 1);
  CHECK(world.servers().empty());
}

TEST_CASE("an up of a type that needs consent becomes a request, and goes on when that is given") {
  World world(with_operator([](bot::Config& config) {
    config.settings.policy.approve.types = {"cpx4*"};
    config.settings.policy.approve.hourly = "0.2";
    config.settings.policy.admins = {"console:boss"};
  }));
  CHECK(ends_on(world.say("alice", "!devbox up cpx42"),
                "… cpx42 needs an operator's consent ([policy] approve): it is request 1 now"));
  CHECK(world.servers().empty());
  CHECK(world.volumes().empty());
  CHECK(ends_on(world.say("alice", "!devbox up cpx62"), "… cpx62 needs an operator's consent"));
  CHECK(ends_on(world.say("alice", "!devbox up cpx32"), "✓ alice is up"));
  world.say("alice", "!devbox down");
  CHECK(ends_on(world.say("root", "!devbox approve 1"), "✓ alice is up"));
  CHECK(world.servers()[0]["server_type"]["name"] == "cpx42");
  // For somebody else an operator is the second person, and an admin needs nobody.
  CHECK(ends_on(world.say("root", "!devbox up cpx42 for @bob"), "✓ bob is up"));
  CHECK(ends_on(world.say("boss", "!devbox up cpx42"), "✓ boss is up"));
  CHECK(ends_on(world.say("root", "!devbox up cpx42"), "… cpx42 needs an operator's consent"));
}
