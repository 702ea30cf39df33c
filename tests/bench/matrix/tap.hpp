#pragma once
#include <netinet/in.h>
#include <poll.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace bench {

using Instant = std::chrono::steady_clock::time_point;
using Seconds = std::chrono::duration<double>;

/// What went over the wire since the tap was cleared.
struct Traffic {
  int syncs = 0;                   ///< asked for
  std::optional<Instant> resumed;  ///< the second was asked for: the first had been handled
  int sends = 0;                   ///< PUT …/send/m.room.message/…
  std::optional<Instant> told;     ///< just before the bytes of a command were written to the bot
  std::optional<Instant> replied;  ///< the first bytes of the message that the bot sent next had come
};

/// Stands between a bot and its homeserver and passes bytes on as they come, a connection for each of the
/// bot's, so that what it sees is the bot's own time and neither the homeserver's nor a client's.
class Tap {
 public:
  /// `command` is what a sync answer holds when it brings one.
  Tap(const std::string& homeserver, std::string command);
  ~Tap();
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;

  [[nodiscard]] std::string url() const { return url_; }
  void clear();
  Traffic traffic();
  /// Waits until `is_there(traffic)`. Throws after a minute.
  template <class IsThere>
  Traffic until(IsThere is_there) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::minutes(1), [&] { return is_there(traffic_); })) give_up();
    return traffic_;
  }

 private:
  struct Pair {
    int bot;
    int homeserver;
  };
  [[noreturn]] static void give_up();
  void run();
  void take_on();
  /// False when either side has closed.
  bool pass_on(const Pair& pair, bool is_from_bot);
  void note_request(std::string_view bytes);
  void note_answer(std::string_view bytes);

  const std::string command_;
  sockaddr_in behind_{};
  std::string url_;
  int listener_;
  int stop_[2];
  std::vector<Pair> pairs_;
  std::vector<char> chunk_ = std::vector<char>(1 << 18);
  std::mutex mutex_;
  std::condition_variable changed_;
  Traffic traffic_;
  std::thread thread_;
};

}  // namespace bench
