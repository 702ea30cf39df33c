#include "bot/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace bot {
namespace {

/// Without a watchdog, for the status alone.
constexpr net::Duration between_lines = std::chrono::seconds(30);
constexpr net::Duration shortest_watchdog = std::chrono::milliseconds(2);

std::string take(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value ? value : "";
  ::unsetenv(name);
  return text;
}

/// nullopt for what is no number.
std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// A line break would begin another assignment.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

struct Address {
  sockaddr_un name{};
  socklen_t size = 0;
};

/// nullopt when it is too long, or of a kind that we do not speak (vsock).
std::optional<Address> address_of(const std::string& socket) {
  Address address;
  address.name.sun_family = AF_UNIX;
  const bool is_known = socket.starts_with('/') || socket.starts_with('@');
  if (!is_known || socket.size() >= sizeof(address.name.sun_path)) return std::nullopt;
  std::memcpy(address.name.sun_path, socket.data(), socket.size());
  if (socket.starts_with('@')) address.name.sun_path[0] = '\0';
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  return address;
}

}  // namespace

NotifyOptions take_notify_options() {
  NotifyOptions options;
  options.socket = take("NOTIFY_SOCKET");
  const auto microseconds = number(take("WATCHDOG_USEC"));
  const auto whose = take("WATCHDOG_PID");
  const bool is_ours = whose.empty() || number(whose) == static_cast<std::int64_t>(::getpid());
  if (microseconds && *microseconds > 0 && is_ours)
    options.watchdog =
        std::max(shortest_watchdog,
                 std::chrono::duration_cast<net::Duration>(std::chrono::microseconds(*microseconds)));
  return options;
}

net::awaitable<void> Notifier::run(net::Clock& clock, Watched watched) const {
  if (!is_heard()) co_return;
  for (bool is_ready_told = false;;) {
    auto pause = options_.watchdog ? *options_.watchdog / 2 : between_lines;
    std::string lines = "STATUS=" + one_line(watched.status());
    const bool is_alive = watched.is_alive();
    if (options_.watchdog && is_alive) lines = "WATCHDOG=1\n" + lines;
    if (!is_ready_told) lines = "READY=1\n" + lines;
    is_ready_told |= tell(lines);
    // One missed sign is all that the watchdog grants: whoever comes free again shall be in time.
    if (!is_alive) pause = std::max<net::Duration>(pause / 4, std::chrono::milliseconds(1));
    co_await clock.sleep_for(pause);
  }
}

void Notifier::stopping() const {
  if (is_heard()) tell("STOPPING=1");
}

bool Notifier::tell(const std::string& lines) const {
  const auto address = address_of(options_.socket);
  if (!address) return false;
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const auto sent = ::sendto(descriptor, lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address->name), address->size);
  ::close(descriptor);
  return sent == static_cast<ssize_t>(lines.size());
}

}  // namespace bot
