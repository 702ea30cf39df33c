#pragma once
#include <sys/types.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "bot/http_server.hpp"
#include "bot/report_endpoint.hpp"
#include "tests/commands/reporting.hpp"

namespace agent::test {

/// One request of the agent, whatever it was answered.
struct Sent {
  nlohmann::json report;  ///< discarded when it is no JSON
  std::string wait;
  std::size_t bytes = 0;
};

bool has_lease(const nlohmann::json& report);

/// A workspace below a directory: the agent's scripts as they are installed, stand-ins for the commands that
/// change a machine, which write down how they were called, and the bot's real side of the reports. The
/// editor is here, too.
class Workspace {
 public:
  explicit Workspace(const std::string& shell = "/bin/sh");
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  void start();
  /// Kills the agent and all that it has started.
  void kill_agent();
  /// As devbox's `stage` does: "volume\tok\t", now unless it was at `uptime`.
  void stage(const std::string& line, const std::string& uptime = "");
  /// A command in this workspace, with its stand-ins: {exit code, stdout and stderr}.
  std::pair<int, std::string> shell(const std::string& command) const;
  std::string command(const std::string& name) const { return dir.file("usr/local/lib/devbox/" + name); }
  /// A program of the stand-ins, in POSIX shell; its calls are written down before `body`.
  void stand_in(const std::string& name, const std::string& body = "");
  void write(const std::string& file, const std::string& text) const;
  std::string read(const std::string& file) const;
  /// How the stand-ins called `name…` were called, in order; all without a name.
  std::vector<std::string> calls(const std::string& name = "") const;
  /// A process in what looks like /proc.
  void process(int pid, const std::string& name, int uid, const std::string& cgroup) const;

  /// Lets everything run until `reached`.
  void until(const std::function<bool()>& reached);
  /// The first report not looked at yet that fits; those before it are passed over.
  nlohmann::json next(const std::function<bool(const nlohmann::json&)>& fits);
  nlohmann::json next() {
    return next([](const auto&) { return true; });
  }
  nlohmann::json ready();
  /// Gives an order and returns the report that has its `done`.
  nlohmann::json obeyed(const std::string& verb, const std::string& id);

  TempDir dir;
  commands::test::Reporting world;
  std::vector<Sent> sent;
  std::deque<net::HttpResponse> scripted;  ///< answers that take the place of the bot's
  bool editor_answers = true;
  bot::ReportEndpoint reports{world.clock, world.reports};

 private:
  net::awaitable<net::HttpResponse> answer(const net::HttpRequest& request, const net::Target& target);
  std::string environment() const;

  bot::HttpServer server_;
  std::size_t looked_at_ = 0;
  pid_t agent_ = 0;
};

}  // namespace agent::test
