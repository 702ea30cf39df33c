#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/faults/service.hpp"

namespace faults {

/// Where people talk with the bot, and who they are: they outlive it, and what they said must reach it
/// however often it ends. Everything that it shows is kept in order.
class Room {
 public:
  Room() = default;
  virtual ~Room() = default;
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  [[nodiscard]] virtual std::string chat() const = 0;  ///< as the bot calls it
  /// What the bot's configuration has to say of it: whole sections.
  [[nodiscard]] virtual std::string config() const { return ""; }
  /// What has to be there before the bot is, in the state that `prepared` was left in.
  virtual void open() {}
  virtual void close() { hang_up(); }
  virtual void take_over(const Room&) {}
  /// The simulator behind it; null = none.
  virtual Service* service() { return nullptr; }

  /// By "console:NAME", whoever that is here. A room that was not heard of before is one with the bot alone.
  virtual void say(const std::string& sender, const std::string& text, const std::string& room = "room") = 0;
  /// Says yes to what `questions` has.
  virtual void accept(const nlohmann::json& question) = 0;
  /// Talks for at most this long. False when nobody listens.
  virtual bool pump(std::chrono::milliseconds time) = 0;
  /// All that was said has arrived, and the bot says that nothing is left to do.
  virtual bool is_settled() = 0;
  /// The bot has ended.
  virtual void hang_up() {}

  /// What was shown, in order: {"key","text"}; progress is not.
  [[nodiscard]] const std::vector<nlohmann::json>& shown() const { return shown_; }
  /// Texts that came under the key of another text.
  [[nodiscard]] const std::vector<std::string>& changed() const { return changed_; }
  /// The lines that were said: {"key","room","sender","text"}.
  [[nodiscard]] const std::vector<nlohmann::json>& said() const { return said_; }
  /// The questions that were shown, as they came.
  [[nodiscard]] const std::vector<nlohmann::json>& questions() const { return questions_; }

  bool says_yes = true;  ///< to every question, at once
  /// Called with the number of a message that came first now, before and after it is acknowledged; returning
  /// false hangs up. Not where a chat has no acknowledgements.
  std::function<bool(int number, bool acknowledged)> on_message = [](int, bool) { return true; };

 protected:
  /// A file that its owner alone may read, as the bot wants it.
  static void write_secret(const std::string& file, const std::string& text);
  /// The bot on the stage in `directory` says that nothing is left to do; false when it is not there.
  static bool has_nothing_to_do(const std::string& directory);

  std::vector<nlohmann::json> shown_;
  std::vector<std::string> changed_;
  std::vector<nlohmann::json> said_;
  std::vector<nlohmann::json> questions_;
};

/// `chat` is "control", "matrix" or "slack". `directory` and `address` are the stage's.
std::unique_ptr<Room> room_of(const std::string& chat, const std::string& directory,
                              const std::string& address);

}  // namespace faults
