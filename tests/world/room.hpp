#pragma once
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace world {

struct Reply {
  std::string key;  ///< of the outbox row
  std::string room;
  std::string text;
  std::vector<std::string> mentions;
  std::vector<std::string> choices;  ///< the words of its buttons
};

/// Everybody who talks to the bot, each in a room of the own name, by the control socket. Says a line again
/// until it is acknowledged, shows a message once, and outlives the bot. Never waits.
class Room {
 public:
  explicit Room(std::string path) : path_(std::move(path)) {}
  ~Room() { hang_up(); }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  void say(const std::string& person, const std::string& text);
  /// Reads and acknowledges what is there; connects when it has to.
  /// True when something was there.
  bool look();
  void hang_up();
  [[nodiscard]] bool is_heard() const { return acknowledged_.size() == said_.size(); }
  /// New messages, in order; progress, which edits them, is left out.
  [[nodiscard]] const std::vector<Reply>& replies() const { return replies_; }

 private:
  void connect();
  void write(const nlohmann::json& object);
  void take(const nlohmann::json& line);

  std::string path_;
  int socket_ = -1;
  std::string input_;
  std::vector<nlohmann::json> said_;
  std::set<std::string> acknowledged_;
  std::set<std::string> keys_;
  std::vector<Reply> replies_;
};

}  // namespace world
