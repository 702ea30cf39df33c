#include "bot/notify.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"
#include "tests/bot/notify_listener.hpp"
#include "tests/catch.hpp"
#include "tests/temp_dir.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;

namespace {

using Notices = std::vector<std::string>;

/// A notifier, and systemd at the other end of a real socket. Time passes only when the test says so.
struct Service {
  explicit Service(std::optional<net::Duration> watchdog = 2min) {
    options.socket = dir.file("notify");
    options.watchdog = watchdog;
    systemd.emplace(options.socket);
  }
  void start() {
    notifier.emplace(options);
    Notifier::Watched watched{[this] { return is_alive; }, [this] { return status; }};
    net::spawn(io.get_executor(), "systemd", notifier->run(clock, watched));
    settle();
  }
  void settle() {
    io.restart();
    io.poll();
  }
  /// What systemd hears while this passes, a millisecond at a time where it matters.
  Notices after(net::Duration time) {
    clock.advance(time);
    settle();
    return systemd->heard();
  }

  boost::asio::io_context io{1};
  StillClock clock{io.get_executor()};
  TempDir dir;
  NotifyOptions options;
  std::optional<NotifyListener> systemd;
  std::optional<Notifier> notifier;
  bool is_alive = true;
  std::string status = "2 workspaces up";
};

/// The environment as systemd makes it, for one look.
NotifyOptions taken(const char* socket, const char* usec, const char* pid) {
  const auto set = [](const char* name, const char* value) {
    if (value)
      ::setenv(name, value, 1);
    else
      ::unsetenv(name);
  };
  set("NOTIFY_SOCKET", socket);
  set("WATCHDOG_USEC", usec);
  set("WATCHDOG_PID", pid);
  return take_notify_options();
}

}  // namespace

TEST_CASE("systemd hears that we have started, and then a sign of life at half the watchdog's time") {
  Service service;
  service.start();
  CHECK(service.systemd->heard() == Notices{"READY=1\nWATCHDOG=1\nSTATUS=2 workspaces up"});
  CHECK(service.after(60s - 1ms).empty());
  service.status = "1 workspace up";
  CHECK(service.after(1ms) == Notices{"WATCHDOG=1\nSTATUS=1 workspace up"});
  int signs = 0;
  for (int second = 0; second < 600; ++second) signs += static_cast<int>(service.after(1s).size());
  CHECK(signs == 10);
  service.notifier->stopping();
  CHECK(service.systemd->heard() == Notices{"STOPPING=1"});
}

TEST_CASE("a chat that is stuck gets no sign of life, and again one when it has come free") {
  Service service;
  service.start();
  service.systemd->heard();
  service.is_alive = false;
  CHECK(service.after(60s) == Notices{"STATUS=2 workspaces up"});
  CHECK(service.after(15s) == Notices{"STATUS=2 workspaces up"});
  service.is_alive = true;
  CHECK(service.after(15s) == Notices{"WATCHDOG=1\nSTATUS=2 workspaces up"});
}

TEST_CASE("without a watchdog there is the start and the status only") {
  Service service(std::nullopt);
  service.start();
  CHECK(service.systemd->heard() == Notices{"READY=1\nSTATUS=2 workspaces up"});
  CHECK(service.after(30s) == Notices{"STATUS=2 workspaces up"});
}

TEST_CASE("a socket may be in the abstract namespace") {
  Service service;
  service.options.socket = "@devbox-notify-test-" + std::to_string(::getpid());
  service.systemd.emplace(service.options.socket);
  service.start();
  CHECK(service.systemd->heard().size() == 1);
}

TEST_CASE("a start that systemd could not hear is told again") {
  Service service;
  service.systemd.reset();
  service.start();
  ::unlink(service.options.socket.c_str());
  service.systemd.emplace(service.options.socket);
  CHECK(service.after(60s) == Notices{"READY=1\nWATCHDOG=1\nSTATUS=2 workspaces up"});
  CHECK(service.after(60s) == Notices{"WATCHDOG=1\nSTATUS=2 workspaces up"});
}

TEST_CASE("a systemd that does not listen, or where we cannot speak, holds nothing up") {
  Service service;
  service.start();
  for (int n = 0; n < 2000; ++n) service.clock.advance(60s), service.settle();
  CHECK_FALSE(service.systemd->heard().empty());
  const std::string too_long(200, '/');
  for (const auto& socket : {std::string("vsock:2:1234"), std::string("relative"), too_long}) {
    const Notifier notifier({socket, 1s});
    notifier.stopping();
  }
}

TEST_CASE("a line break in the status begins no other assignment") {
  Service service;
  service.status = "one\nWATCHDOG_USEC=1";
  service.start();
  CHECK(service.systemd->heard() == Notices{"READY=1\nWATCHDOG=1\nSTATUS=one WATCHDOG_USEC=1"});
}

TEST_CASE("nobody listens: nothing is told, and the task ends") {
  Service service;
  service.options.socket = "";
  service.start();
  CHECK(service.systemd->heard().empty());
  CHECK(service.io.stopped());
}

TEST_CASE("what systemd says is read once, and no child hears it") {
  const auto me = std::to_string(::getpid());
  auto options = taken("@systemd", "120000000", me.c_str());
  CHECK(options.socket == "@systemd");
  CHECK(options.watchdog == 2min);
  for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
    CHECK(std::getenv(name) == nullptr);
  CHECK(take_notify_options().socket.empty());
  CHECK(taken("@systemd", "120000000", nullptr).watchdog == 2min);
  CHECK_FALSE(taken("@systemd", "120000000", "1").watchdog);
  CHECK_FALSE(taken("@systemd", nullptr, nullptr).watchdog);
  CHECK(taken("@systemd", "1", nullptr).watchdog == 2ms);  // as often as we can, and no busy loop
  for (const auto* broken : {"", "0", "-5", "2min", "99999999999999999999"})
    CHECK_FALSE(taken("@systemd", broken, nullptr).watchdog);
}
