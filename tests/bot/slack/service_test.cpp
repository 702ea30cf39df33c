#include "tests/bot/checked.hpp"
#include "tests/bot/devboxd.hpp"
#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"
#include "tests/slack/simulator/simulator.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// The program over the simulators, with a workspace of Slack.
struct InSlack {
  explicit InSlack(const std::string& bot_token) {
    written.write("hetzner-token", "token\n");
    written.write("oauth-secret", "secret\n");
    const auto slack = "[slack]\napi_url = \"" + server.api_url() + "\"\napp_token_file = \"" +
                       written.write("app", team.app_token) + "\"\nbot_token_file = \"" +
                       written.write("bot", bot_token) + "\"\n";
    written.write("devbox.toml",
                  written.complete(slack, "endpoint = \"" + checked.config.hetzner_endpoint + "\"\n",
                                   "api = \"" + checked.tailnet + "\"\n"));
  }
  Devboxd start() { return Devboxd(written.path("."), {"--config=" + written.path("devbox.toml")}); }

  Checked checked;
  WrittenConfig written;
  ::slack::simulator::Team team;
  ::slack::simulator::Simulator server{checked.loop.io.get_executor(), checked.loop.clock, team};
};

}  // namespace

TEST_CASE("the program says goodbye to Slack when it is told to stop", "[slack]") {
  InSlack installed(::slack::simulator::Team().bot_token);
  auto service = installed.start();
  auto& home = installed.server.workspace();
  installed.checked.loop.until([&] { return home.links() == 1; });
  // It is in the middle of dialling until it has acknowledged something.
  home.channel("D2");
  home.say("U2", "D2", "help");
  installed.checked.loop.until([&] { return installed.team.envelopes.front().is_acknowledged; });
  const auto socket = home.all_links().front().socket;
  service.stop();
  installed.checked.loop.until([&] { return service.ended(); });
  CHECK(service.exit_code() == 0);
  installed.checked.loop.until([&] { return home.links() == 0; });
  CHECK(socket->end().starts_with("closed: 1001"));
}

TEST_CASE("the program ends for good when Slack refuses its token", "[slack]") {
  InSlack installed("xoxb-revoked");
  auto service = installed.start();
  installed.checked.loop.until([&] { return service.ended(); });
  CHECK(service.exit_code() == 77);
  CHECK(service.output().find("invalid_auth") != std::string::npos);
  CHECK(service.output().find("xoxb-revoked") == std::string::npos);
}
