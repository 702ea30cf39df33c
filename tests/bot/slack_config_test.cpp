#include <fstream>

#include "bot/check.hpp"
#include "tests/bot/loop.hpp"
#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"
#include "tests/slack/simulator/simulator.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// A configuration with these lines in [slack].
struct WithSlack : WrittenConfig {
  WithSlack() {
    write("app", "xapp-1-test\n");
    write("bot", "xoxb-test\n");
  }
  [[nodiscard]] std::string text(const std::string& lines) const { return complete("[slack]\n" + lines); }
  [[nodiscard]] std::string tokens() const {
    return "app_token_file = \"" + path("app") + "\"\nbot_token_file = \"" + path("bot") + "\"\n";
  }
  [[nodiscard]] std::string refused(const std::string& lines) const {
    const auto sentence = refusal(text(lines));
    const auto start = sentence.find("[slack]");
    return start == std::string::npos ? sentence : sentence.substr(start);
  }
};

std::string all_of(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings) text += shown(finding) + "\n";
  return text;
}

/// What stands between ``` in a page of deploy, a block each.
std::vector<std::string> blocks_of(const std::string& page) {
  std::ifstream in(DEVBOX_SOURCE_DIR "/deploy/" + page);
  std::vector<std::string> blocks;
  bool is_inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      is_inside = !is_inside;
      if (is_inside) blocks.emplace_back();
    } else if (is_inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

}  // namespace

TEST_CASE("the page about Slack can be followed as it is written", "[slack]") {
  const WithSlack written;
  written.write("slack-app", "xapp-1-test\n");
  written.write("slack-bot", "xoxb-test\n");
  const Environment credentials("CREDENTIALS_DIRECTORY", written.path(".").c_str());
  const auto blocks = blocks_of("slack.md");
  REQUIRE(blocks.size() == 4);
  CHECK(blocks[1].starts_with("[Service]\nLoadCredential=slack-app:"));
  CHECK(blocks[1].find("\nLoadCredential=slack-bot:") != std::string::npos);
  CHECK(blocks[2].starts_with("env "));
  CHECK(blocks[2].find("CREDENTIALS_DIRECTORY=/etc/devbox/credentials") < blocks[2].find("devboxd check"));
  CHECK(written.refusal(written.complete(blocks[3])) == "");
}

TEST_CASE("a configuration with [slack] is read, its secrets with it", "[slack]") {
  const WithSlack written;
  const auto config = written.read(written.text(written.tokens() + "channels = [\"C0123ABCD\"]\n"));
  REQUIRE(config.slack);
  CHECK(config.slack->api_url == "https://slack.com/api");
  CHECK(config.slack->app_token == "xapp-1-test");
  CHECK(config.slack->bot_token == "xoxb-test");
  CHECK(config.slack->channels == std::vector<std::string>{"C0123ABCD"});
  CHECK_FALSE(written.read(written.complete()).slack);
}

TEST_CASE("what is missing or wrong in [slack] is named", "[slack]") {
  const WithSlack written;
  CHECK(written.refused("") ==
        "[slack] app_token_file: is missing: the file with the app-level token, which begins with xapp-");
  CHECK(
      written.refused("app_token_file = \"" + written.path("bot") + "\"\n") ==
      "[slack] app_token_file: holds a token that does not begin with xapp-: it must be the app-level token");
  CHECK(written.refused(written.tokens() + "channels = [\"#dev\"]\n") ==
        "[slack] channels: must be ids of channels like \"C0123ABCD\", which stand below a channel's "
        "details, and "
        "\"#dev\" is none");
  CHECK(written.refused(written.tokens() + "api_url = \"http://slack.example/api\"\n") ==
        "[slack] api_url: \"http://slack.example/api\" must be https, or http to a loopback address: tokens "
        "travel "
        "on it");
  CHECK(written.refused(written.tokens() + "api_url = \"http://127.0.0.1:1/api\"\n") == "");
  CHECK(written.refused(written.tokens() + "api_url = \"http://127.0.0.1.evil.example:1/api\"\n") ==
        "[slack] api_url: \"http://127.0.0.1.evil.example:1/api\" is not the address of a service: after its "
        "host may follow only a port and a path, which begins with /");
  CHECK(written.refused("channel = []\n") == "[slack] channel is not known. Did you mean \"channels\"?");
}

TEST_CASE("people of Slack are written as ids, and what would match nobody is refused", "[slack]") {
  const WithSlack written;
  const auto members = [&](const std::string& person) {
    return written.complete("[policy]\nmembers = [\"console:*\", \"" + person + "\"]\n");
  };
  for (const std::string person :
       {"slack:T0123ABCD/U0123ABCD", "slack:T1/W2", "slack:T1/*", "slack:*/U2", "slack:T1/U2*", "slack:*"}) {
    INFO(person);
    CHECK(written.refusal(members(person)) == "");
  }
  for (const std::string person :
       {"slack:UALICE", "slack:T1/alice", "slack:@alice", "slack:alice", "slack:T1", "slack:", "slack:/",
        "slack:T1/", "slack:/U2", "slack:T1/U2/U3", "slack:T1/@U2", "slack:t1/U2", "slack:T1/T2",
        "slack:U2/T1", "slack:*/*", "slack:T1/U*2", "slack:T1/<@U2>", "slack:T1/U2 "}) {
    INFO(person);
    CHECK(written.refusal(members(person)) ==
          "line 7: [policy] members: must be ids in Slack, like \"slack:T0123ABCD/U0123ABCD\", or "
          "\"slack:T0123ABCD/*\" for everybody in the workspace (`devboxd check` says its id, a profile "
          "under ⋮ "
          "a person's), and \"" +
              person + "\" matches nobody");
  }
  CHECK(written.read(members("slack:*")).remarks ==
        std::vector<std::string>{"[policy] members: \"slack:*\" matches nobody: everybody in a workspace is "
                                 "\"slack:T0123ABCD/*\""});
}

TEST_CASE("check looks at both tokens and at what the app may do", "[slack]") {
  const WithSlack written;
  Loop loop;
  ::slack::simulator::Team team;
  const ::slack::simulator::Simulator server(loop.io.get_executor(), loop.clock, team);
  const auto config =
      written.read(written.text(written.tokens() + "api_url = \"" + server.api_url() + "\"\n"));
  const Checking with{loop.io.get_executor(), loop.clock, loop.random, config};
  CHECK(all_of(run(loop.io, check_slack(with))) ==
        "ok   Slack: in the workspace test (T1) as UBOT; people are \"slack:T1/U…\"\n"
        "ok   Slack: the app-level token opens sockets\n");
  team.scopes.erase("files:write");
  team.socket_state = "not_allowed_token_type";
  const auto found = run(loop.io, check_slack(with));
  REQUIRE(found.size() == 3);
  CHECK(found[1].text ==
        "Slack: the app has not the scope files:write: no pictures, of which no command makes one yet");
  CHECK(found[2].level == Level::fail);
  const auto nothing = written.read(written.complete());
  CHECK(run(loop.io, check_slack({loop.io.get_executor(), loop.clock, loop.random, nothing})).empty());
}
