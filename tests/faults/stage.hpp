#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/faults/child.hpp"
#include "tests/faults/room.hpp"
#include "tests/faults/service.hpp"

namespace faults {

/// The programs under test and beside it.
struct Binaries {
  std::string directory;       ///< where hetzner-sim and tailnet-sim stand
  std::string bot;             ///< devboxd, or a variant with a seeded bug
  std::string commit_library;  ///< preloaded into the bot
};

/// One run's world: a directory, a loopback address of its own, both simulators and the bot as processes.
class Stage {
 public:
  static constexpr auto token = "driver-token";
  /// `address` is 127.A.B.C with three digits each, so that a prepared state can be moved to it; people talk
  /// in `chat`.
  Stage(const Binaries& binaries, std::string directory, std::string address, const std::string& chat);

  /// Takes over the state that another stage left.
  void copy_from(const Stage& prepared);
  void start_simulators();
  /// `limits` are lines for [limits]; the environment is the bot's. It is held until `release_bot`.
  void hold_bot(const std::map<std::string, std::string>& environment);
  void release_bot() { bot_->release(); }
  void kill_bot() { bot_->kill(); }
  /// The status of waitpid(2), once it has ended.
  [[nodiscard]] std::optional<int> bot_ended() { return bot_->ended(); }
  [[nodiscard]] pid_t bot_pid() const { return bot_->pid(); }
  void stop();

  Service& hetzner() { return *hetzner_; }
  Service& tailnet() { return *tailnet_; }
  Room& room() { return *room_; }
  [[nodiscard]] std::string file(const std::string& name) const { return directory_ + "/" + name; }
  /// What is there now, without what legitimately differs from run to run.
  nlohmann::json world();
  /// The ids of all volumes and addresses.
  std::vector<nlohmann::json> kept();

  std::string limits;  ///< further lines for the configuration's [limits]
  std::chrono::milliseconds undo_watch{300};
  std::string hook;  ///< hetzner-sim's --hook; "" = none

 private:
  void write_config() const;
  [[nodiscard]] std::string url(int port) const { return "http://" + address_ + ":" + std::to_string(port); }

  Binaries binaries_;
  std::string directory_;
  std::string address_;
  std::unique_ptr<Child> hetzner_process_;
  std::unique_ptr<Child> tailnet_process_;
  std::unique_ptr<Child> bot_;
  std::optional<Service> hetzner_;
  std::optional<Service> tailnet_;
  std::unique_ptr<Room> room_;
};

}  // namespace faults
