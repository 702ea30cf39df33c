#pragma once
#include <map>
#include <optional>
#include <set>

#include "tests/faults/room.hpp"

namespace faults {

/// People at the control socket: they say a line again until it is acknowledged, show each key once,
/// acknowledge what is shown, and connect again when the bot is back.
class ControlRoom final : public Room {
 public:
  ControlRoom(std::string path, std::string name) : path_(std::move(path)), name_(std::move(name)) {}
  ~ControlRoom() override { disconnect(); }

  [[nodiscard]] std::string chat() const override { return "control"; }
  void say(const std::string& sender, const std::string& text, const std::string& room) override;
  void accept(const nlohmann::json& question) override;
  bool pump(std::chrono::milliseconds time) override;
  bool is_settled() override;
  void hang_up() override { disconnect(); }

 private:
  bool connect();
  void disconnect();
  bool write(const nlohmann::json& object);
  void take(const nlohmann::json& line);

  std::string path_;
  std::string name_;  ///< of the keys of what is said: another room is another message
  int socket_ = -1;
  std::string input_;
  std::set<std::string> acknowledged_;
  std::map<std::string, std::string> texts_;  ///< of every key, progress too
  std::set<std::string> rooms_ = {"room"};
  std::set<std::string> answered_;  ///< keys of questions
  std::optional<nlohmann::json> status_;
};

}  // namespace faults
