#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bot/program.hpp"
#include "hetzner/simulator/simulator.hpp"
#include "tailnet/simulator/simulator.hpp"
#include "tests/bot/control_person.hpp"

namespace world {

using nlohmann::json;

/// How a story's world differs from the usual one.
struct Setting {
  double speed = 1000;
  std::function<void(bot::Config&)> configure = [](bot::Config&) {};
};

/// The whole bot as `main` makes it, between both simulators over real HTTP, and people at its control
/// socket. Everything runs on one thread while a story waits.
class World {
 public:
  explicit World(Setting setting = {});
  ~World();

  /// Says a line and waits until nothing runs but what waits for an answer; returns what was said since.
  std::vector<std::string> say(const std::string& person, const std::string& line);
  /// Says it and does not wait.
  void begin(const std::string& person, const std::string& line);
  std::vector<std::string> until_quiet();
  /// Lets everything run until `reached`.
  void until(const std::function<bool()>& reached);
  /// What was said since the last time.
  std::vector<std::string> news();

  json get(const std::string& path) { return ask("GET", path, nullptr); }
  json sim(const std::string& method, const std::string& path, const json& body) {
    return ask(method, path, body);
  }
  json servers() { return get("/v1/servers")["servers"]; }
  json volumes() { return get("/v1/volumes")["volumes"]; }
  json ips();  ///< IPv4
  json devices();
  int usable_keys();
  json requests() { return get("/_sim/requests"); }
  /// Those of the bot that begin so: "POST /v1/servers".
  int count(const std::string& beginning);
  storage::Storage& storage() { return *storage_; }

 private:
  json ask(const std::string& method, const std::string& path, const json& body);
  json ask(net::Client& client, const std::string& method, const std::string& path, const json& body);
  void start();
  bool is_quiet();

  Setting setting_;
  TempDir dir_;
  bot::test::Loop loop_;
  hetzner::simulator::Simulator hetzner_;
  tailnet::simulator::Simulator tailnet_;
  net::Client hetzner_client_;
  net::Client tailnet_client_;
  int input_[2];
  std::optional<storage::Storage> storage_;
  std::optional<bot::Program> program_;
  std::optional<bot::test::Peer> peer_;
  int said_ = 0;
  std::size_t told_ = 0;
  std::uint16_t reports_port_ = 0;
};

}  // namespace world
