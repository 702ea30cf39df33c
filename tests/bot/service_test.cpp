#include "bot/control_request.hpp"
#include "tests/bot/checked.hpp"
#include "tests/bot/devboxd.hpp"
#include "tests/bot/notify_listener.hpp"
#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// The program over both simulators, its configuration written as an administrator would.
struct Installed {
  Installed() {
    written.write("hetzner-token", "token\n");
    written.write("oauth-secret", "secret\n");
    written.write("devbox.toml", written.complete("[limits]\nrequest = \"5s\"\n",
                                                  "endpoint = \"" + checked.config.hetzner_endpoint + "\"\n",
                                                  "api = \"" + checked.tailnet + "\"\n"));
  }
  Devboxd start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--config=" + written.path("devbox.toml"));
    return Devboxd(written.path("."), std::move(arguments));
  }
  bool answers(Devboxd& program) {
    if (program.ended()) throw std::runtime_error("it ended: " + program.output());
    try {
      return ask_control(written.path("control"), {{"do", "status"}}, std::chrono::seconds(10))
          .contains("inbox");
    } catch (const NobodyThere&) {
      return false;
    }
  }
  void until_ended(Devboxd& program) {
    checked.loop.until([&] { return program.ended(); });
  }

  Checked checked;
  WrittenConfig written;
};

}  // namespace

TEST_CASE("with nothing but /dev/null to read, a configured devboxd serves until it is told to stop") {
  Installed installed;
  auto service = installed.start({});
  installed.checked.loop.until([&] { return installed.answers(service); });
  installed.checked.loop.settle();
  CHECK(installed.answers(service));
  service.stop();
  installed.until_ended(service);
  CHECK(service.exit_code() == 0);
}

TEST_CASE("systemd hears of the service from its start to its end") {
  Installed installed;
  const auto socket = installed.written.path("notify");
  NotifyListener systemd(socket);
  ::setenv("NOTIFY_SOCKET", socket.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "100000", 1);
  auto service = installed.start({});
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("WATCHDOG_USEC");
  std::vector<std::string> heard;
  const auto hear = [&] {
    for (const auto& datagram : systemd.heard()) heard.push_back(datagram);
  };
  installed.checked.loop.until([&] {
    if (service.ended()) throw std::runtime_error("it ended: " + service.output());
    hear();
    return heard.size() >= 3;
  });
  CHECK(heard[0] == "READY=1\nWATCHDOG=1\nSTATUS=0 workspaces up");
  CHECK(heard[1] == "WATCHDOG=1\nSTATUS=0 workspaces up");
  CHECK(heard[2] == heard[1]);
  service.stop();
  installed.checked.loop.until([&] {
    hear();
    return service.ended();
  });
  hear();
  CHECK(heard.back() == "STOPPING=1");
}

TEST_CASE("the check beside a running service asks it instead of opening its database") {
  Installed installed;
  auto service = installed.start({});
  installed.checked.loop.until([&] { return installed.answers(service); });
  auto check = installed.start({"check"});
  installed.until_ended(check);
  const auto file = installed.written.path(".") + "/devbox.db";
  CHECK(check.exit_code() == 0);
  CHECK(
      check.output().find("ok   database: " + file +
                          " is held by the running process; messages to handle: 0, operations unfinished: 0, "
                          "messages to send: 0\n") != std::string::npos);
  CHECK(check.output().find("ok   tailnet key: ") != std::string::npos);
}

TEST_CASE("the check ends with 1 when something fails, and with 78 without a configuration") {
  Installed installed;
  installed.written.write("hetzner-token", "wrong\n");
  auto refused = installed.start({"check"});
  installed.until_ended(refused);
  CHECK(refused.exit_code() == 1);
  CHECK(refused.output().starts_with("ok   configuration: " + installed.written.path("devbox.toml") + "\n"));
  CHECK(refused.output().find(" refuses the token\n") != std::string::npos);
  installed.written.write("devbox.toml", "[hetzner]\n");
  auto misconfigured = installed.start({"check"});
  installed.until_ended(misconfigured);
  CHECK(misconfigured.exit_code() == 78);
  Devboxd nameless(installed.written.path("."), {"check"});
  installed.until_ended(nameless);
  CHECK(nameless.exit_code() == 2);
}
