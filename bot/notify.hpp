#pragma once
#include <functional>
#include <optional>
#include <string>

#include "net/clock.hpp"

namespace bot {

/// Where systemd listens, and how often it wants a sign of life (sd_notify(3), sd_watchdog_enabled(3)).
struct NotifyOptions {
  std::string socket;  ///< a path, or "@name" in the abstract namespace; "" = nobody listens
  std::optional<net::Duration> watchdog;
};
/// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and takes them out of the environment: no child shall
/// speak for us.
NotifyOptions take_notify_options();

/// What systemd hears of us: that we have started, a line for `systemctl status`, a sign of life, the end.
class Notifier {
 public:
  struct Watched {
    std::function<bool()> is_alive;       ///< false: no sign of life, and systemd starts us again
    std::function<std::string()> status;  ///< a line
  };

  explicit Notifier(NotifyOptions options) : options_(std::move(options)) {}

  /// Tells that we have started, then the status and the sign of life at half the watchdog's time. Runs for
  /// the life of the process; ends at once when nobody listens.
  net::awaitable<void> run(net::Clock& clock, Watched watched) const;
  void stopping() const;

 private:
  /// Whether systemd has it; never waits.
  bool tell(const std::string& lines) const;
  [[nodiscard]] bool is_heard() const { return !options_.socket.empty(); }

  NotifyOptions options_;
};

}  // namespace bot
