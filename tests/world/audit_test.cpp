#include <filesystem>
#include <fstream>

#include "tests/catch.hpp"
#include "tests/world/audit_lines.hpp"
#include "tests/world/world.hpp"

using namespace world;
using Catch::Matchers::Contains;

namespace {

Setting with_operator() {
  return configured([](bot::Config& config) { config.settings.policy.operators = {"console:root"}; });
}

}  // namespace

TEST_CASE("the audit says who did what, where, with what result, and what it cost") {
  World world(with_operator());
  world.say("alice", "!devbox up cpx32");
  world.say("bob", "!devbox down alice");
  world.say("alice", "!devbox share @bob 2h");
  world.say("bob", "!devbox down alice");
  world.say("alice", "!devbox delete main");
  world.say("alice", "!devbox yes");
  world.say("alice", "!devbox undelete main");
  const auto lines = lines_of_audit(world.say("root", "!devbox audit").back());
  CHECK(
      lines ==
      Texts{"@alice · !devbox up cpx32 · done · control",
            "@bob · !devbox down alice · refused: That workspace is not yours: `down` is for its owner, whom "
            "it is shared with and operators. Nothing was done. · control",
            "@alice · !devbox share @bob 2h · alice is shared with @bob until … · control",
            "@bob · !devbox down alice · done · €0.06 · control",
            "@alice · !devbox yes · Understood: yes. · control",
            "@alice · !devbox delete main · done · control",
            "@alice · !devbox undelete main · ✓ alice is back: 20 GB volume and IPv4 203.0.113.1 "
            "in fsn1, €1.64 a month. · control"});
  CHECK(lines_of_audit(world.say("root", "!devbox audit 1 @bob").back()) ==
        Texts{"@bob · !devbox down alice · done · €0.06 · control"});
  CHECK(world.say("alice", "!devbox audit") == Texts{"`audit` is for operators. Nothing was done."});
  CHECK(world.say("root", "!devbox audit 0").back().starts_with("`audit` takes how many lines, 1 to 50"));
  CHECK(world.say("root", "!devbox audit @nobody") == Texts{"Nobody has heard of @nobody yet."});
}

TEST_CASE("the whole audit is exported as a file for its owner alone") {
  World world(with_operator());
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
  const auto said = world.say("root", "!devbox audit export").back();
  REQUIRE(said.starts_with("✓ The whole audit, 5 lines, is on the bot's machine in /"));
  const auto from = said.find('/');
  const std::filesystem::path file = said.substr(from, said.find(',', from) - from);
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  std::ifstream in(file);
  Texts lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  REQUIRE(lines.size() == 6);
  CHECK(lines[0] ==
        "\"id\",\"at\",\"platform\",\"user\",\"chat\",\"room\",\"command\",\"operation\",\"result\",\"cost\","
        "\"currency\"\r");
  const auto up = world.storage().journal.recent("up", 1).at(0).id;
  const auto down = world.storage().journal.recent("down", 1).at(0).id;
  CHECK_THAT(lines[1], Contains(",\"console\",\"alice\",\"control\",\"alice\",\"!devbox up cpx32\",\"" + up +
                                "\",\"begun\",\"\",\"\""));
  CHECK_THAT(lines[2], Contains("\"" + up + "\",\"done\",\"\",\"\""));
  CHECK_THAT(lines[4], Contains("\"" + down + "\",\"done\",\"0.0569\",\"EUR\""));
  CHECK_THAT(lines[5], Contains("\"root\"") && Contains("\"export\""));
}

TEST_CASE("what a server has cost is on one line, also when a delete has taken it down") {
  World world(with_operator());
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox delete main");
  world.say("alice", "!devbox yes");
  CHECK(lines_of_audit(world.say("root", "!devbox audit").back()) ==
        Texts{"@alice · !devbox up cpx32 · done · control",
              "@alice · !devbox yes · Understood: yes. · control",
              "@alice · !devbox delete main · done · control",
              "@alice · down alice · done (begun by `delete`) · €0.06 · control",
              "@alice · delete alice · done (begun by `delete`) · control"});
}
