#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bot/program.hpp"
#include "tests/temp_dir.hpp"
#include "tests/world/room.hpp"
#include "tests/world/simulators.hpp"

namespace world {

using namespace std::chrono_literals;
using nlohmann::json;
using Texts = std::vector<std::string>;

/// How a story's world differs from the usual one.
struct Setting {
  double speed = 1000;
  std::string catalogue = "";  ///< of hetzner-sim, a file; "" = the built-in one
  std::function<void(bot::Config&)> configure = [](bot::Config&) {};
  Simulators::Tailnet tailnet = {};
  std::function<void()> meanwhile = [] {};  ///< done while a story waits: what else lives in its world
};

inline Setting configured(std::function<void(bot::Config&)> configure) {
  Setting setting;
  setting.configure = std::move(configure);
  return setting;
}

/// The whole bot as `main` makes it, between both simulators over real HTTP, and people at its control
/// socket, each in a room of the own name. The bot runs while a story waits.
class World {
 public:
  explicit World(Setting setting = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Says a line and waits until nothing runs but what waits for an answer; returns what was said since.
  Texts say(const std::string& person, const std::string& line);
  /// Says it and waits until it is handled, not for what comes of it.
  void begin(const std::string& person, const std::string& line);
  Texts until_quiet();
  /// Lets everything run until `reached`.
  void until(const std::function<bool()>& reached);
  /// Until the operation that was begun last has done this step.
  void until_step(const std::string& step);
  /// What was said since the last time.
  Texts news();
  /// The process ends where it is, and another one takes over the database.
  void restart();
  /// How often something that begins so was said.
  [[nodiscard]] int heard(const std::string& beginning) const;
  [[nodiscard]] const Reply& last() const { return room_.replies().back(); }

  json get(const std::string& path) { return sim("GET", path, nullptr); }
  json sim(const std::string& method, const std::string& path, const json& body) {
    return simulators_.hetzner.ask(method, path, body);
  }
  json tailnet(const std::string& method, const std::string& path, const json& body) {
    return simulators_.tailnet.ask(method, path, body);
  }
  /// How machines that are made from now on behave.
  void behave(const std::string& report) {
    sim("PUT", "/_sim/servers/default/behaviour", {{"report", report}});
  }
  json servers() { return get("/v1/servers")["servers"]; }
  json volumes() { return get("/v1/volumes")["volumes"]; }
  json ips();  ///< IPv4
  json devices() { return simulators_.tailnet.ask("GET", "/_sim/devices"); }
  int usable_keys();
  json bill() { return get(std::string("/_sim/bill?token=") + Simulators::token); }
  json requests() { return get("/_sim/requests"); }
  /// Those of the bot that begin so: "POST /v1/servers".
  int count(const std::string& beginning);
  storage::Storage& storage() { return process_->storage; }

 private:
  /// What dies with the process.
  struct Process {
    explicit Process(World& world);
    ~Process();
    int input[2];
    boost::asio::io_context io{1};
    storage::Storage storage;
    std::unique_ptr<bot::Program> program;
  };
  void configure(const Setting& setting);
  bool is_quiet();

  TempDir dir_;
  Simulators simulators_;
  net::SystemClock clock_;
  net::Random random_{1};
  bot::Config config_;
  std::function<void()> meanwhile_;
  std::unique_ptr<Process> process_;
  Room room_;
  std::size_t told_ = 0;
};

/// `text` with "T" for the time of day until which an hour is paid.
std::string plain(std::string text);

}  // namespace world
