#include <algorithm>
#include <regex>

#include "commands/stages.hpp"
#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

/// With "T" for every time and length of time, and one space before it.
std::string timeless(const std::string& text) {
  static const std::regex time(" *([0-9]+ (s|min|h)|[0-9][0-9]:[0-9][0-9])\\b");
  return std::regex_replace(text, time, " T");
}

std::string logs(World& world, const std::string& words = "") {
  return timeless(world.say("alice", "!devbox logs" + words).at(0));
}

const std::string own_steps =
    "\n  what runs T\n  preflight T\n  home volume T\n  address T\n  create server T\n  boot T\n  join "
    "tailnet T"
    "\n  revoke key T";

const std::string written = "\n```\n  mount: /home: can't read superblock on /dev/sdb.\n```";

}  // namespace

TEST_CASE("logs tells how the last up went: the bot's steps, and what the workspace said") {
  World world;
  CHECK(logs(world) == "You have no workspace yet. !devbox up makes one.");
  world.say("alice", "!devbox up");
  const auto told =
      "alice came up at T, in T." + own_steps +
      "\n  editor T\n  What the workspace said, by its time since boot:\n  join ok T\n  volume ok T"
      "\n  serve ok T  https\n  editor ok T\n  ready ok T  https";
  const auto collapsed = [&] { return std::regex_replace(logs(world), std::regex(" +ok"), " ok"); };
  CHECK(collapsed() == told);
  world.say("alice", "!devbox up");
  CHECK(collapsed() == told);
  world.say("alice", "!devbox down");
  CHECK(collapsed() == told);
  CHECK(logs(world, " serve") == "alice came up at T, in T.\n  serve was ok T after boot: https");
  CHECK(logs(world, " install") ==
        "alice came up at T, in T.\n  Of \"install\" the workspace has said nothing.");
}

TEST_CASE("logs shows what a failed stage wrote when its server is gone") {
  World world;
  world.behave("failed");
  world.say("alice", "!devbox up");
  CHECK(world.servers().empty());
  const std::string first =
      "alice did not come up at T: the workspace says that its volume failed: the volume could not be "
      "mounted";
  const auto all = std::regex_replace(logs(world), std::regex(" +(ok|failed) "), " $1 ");
  CHECK(all ==
        first + own_steps +
            "\n  editor         not done\n  What the workspace said, by its time since boot:\n  join ok T\n  "
            "volume failed T  the volume could not be mounted" +
            written);
  const auto one = first + "\n  volume failed T after boot: the volume could not be mounted" + written;
  CHECK(logs(world, " volume") == one);
  CHECK(logs(world, " main Volume") == one);
  CHECK(logs(world, " alice volume") == one);
}

TEST_CASE("what a stage wrote cannot end the block in which it is shown") {
  World world;
  world.say("alice", "!devbox up");
  commands::Stage stage;
  stage.name = "volume";
  stage.failed = true;
  stage.log = "one\n```\n✓ all is well\n  ```\n";
  commands::keep_stage(world.storage().journal, world.storage().journal.last_of(1)->id, stage);
  CHECK(logs(world, " volume").ends_with("\n```\n  one\n  '''\n  ✓ all is well\n    '''\n```"));
}

TEST_CASE("logs of what never spoke, comes up, or is somebody else's") {
  World world(configured([](bot::Config& config) { config.settings.limits.stage_join = 1s; }));
  world.behave("no_join");
  world.say("alice", "!devbox up");
  CHECK(
      logs(world).starts_with("alice did not come up at T: the machine did not join the tailnet within T."));
  CHECK(logs(world).ends_with(
      "\n  boot T\n  join tailnet   not done\n  The workspace has said nothing of its boot."));
  CHECK(logs(world, " main mount") ==
        "There is no stage \"mount\"; there are: install, join, volume, serve, editor, ready.");
  const std::string all =
      "Stages are: install, join, volume, serve, editor, ready; !devbox status lists your workspaces.";
  CHECK(logs(world, " other") == "There is neither a workspace of yours nor a stage \"other\". " + all);
  CHECK(logs(world, " Volum") ==
        "There is neither a workspace of yours nor a stage \"Volum\". Did you mean !devbox logs volume? " +
            all);
  CHECK(world.say("bob", "!devbox logs alice") ==
        Texts{"That workspace is not yours: `logs` is for its owner, whom it is shared with and operators. "
              "Nothing was done."});
  world.begin("alice", "!devbox up");
  world.until_step("boot");
  const auto said = world.say("alice", "!devbox logs");
  CHECK(std::count_if(said.begin(), said.end(), [](const auto& text) {
          return timeless(text).starts_with("alice: `up` is running, \"boot\" is done, since T ( T).\n") &&
                 text.ends_with("\n  join tailnet   …\n  The workspace has said nothing of its boot.");
        }) == 1);
}
