#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace faults {

/// Somebody at the control socket who outlives the bot: says a line again until it is acknowledged, shows
/// each key once, acknowledges what is shown, and connects again when the bot is back.
class Room {
 public:
  Room(std::string path, std::string name) : path_(std::move(path)), name_(std::move(name)) {}
  ~Room() { hang_up(); }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  void say(std::string sender, const std::string& text, const std::string& room = "room");
  /// Talks for at most this long. False when nobody listens.
  bool pump(std::chrono::milliseconds time);
  /// All said lines are acknowledged, and the bot says that nothing is left to do.
  bool is_settled();
  void hang_up();

  /// What was shown, in order: {"key","text"}; progress is not.
  [[nodiscard]] const std::vector<nlohmann::json>& shown() const { return shown_; }
  /// Texts that came under the key of another text.
  [[nodiscard]] const std::vector<std::string>& changed() const { return changed_; }
  /// Called with the number of a message that came first now, before and after it is acknowledged; returning
  /// false hangs up.
  std::function<bool(int number, bool acknowledged)> on_message = [](int, bool) { return true; };
  std::string answer = "!devbox yes";  ///< what is said to a question, once; "" = nothing
  /// The questions that were shown, as they came.
  [[nodiscard]] const std::vector<nlohmann::json>& questions() const { return questions_; }
  /// The lines that were said: {"key","room","sender","text"}.
  [[nodiscard]] const std::vector<nlohmann::json>& said() const { return said_; }

 private:
  bool connect();
  bool write(const nlohmann::json& object);
  void take(const nlohmann::json& line);

  std::string path_;
  std::string name_;  ///< of the keys of what is said: another room is another message
  int socket_ = -1;
  std::string input_;
  std::vector<nlohmann::json> said_;
  std::set<std::string> acknowledged_;
  std::map<std::string, std::string> texts_;  ///< of every key, progress too
  std::vector<std::string> changed_;
  std::set<std::string> rooms_ = {"room"};
  std::set<std::string> answered_;  ///< keys of questions
  std::vector<nlohmann::json> questions_;
  std::string last_sender_;
  std::vector<nlohmann::json> shown_;
  std::optional<nlohmann::json> status_;
};

}  // namespace faults
