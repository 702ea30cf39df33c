#pragma once
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace bot::test {

/// systemd's side of sd_notify(3): a unix datagram socket, "@name" in the abstract namespace.
class NotifyListener {
 public:
  explicit NotifyListener(const std::string& socket)
      : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket.data(), socket.size());
    if (socket.starts_with('@')) address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) != 0)
      throw std::runtime_error("cannot listen on " + socket);
  }
  ~NotifyListener() { ::close(descriptor_); }
  NotifyListener(const NotifyListener&) = delete;
  NotifyListener& operator=(const NotifyListener&) = delete;

  /// What has come since the last call, a datagram each.
  std::vector<std::string> heard() {
    std::vector<std::string> datagrams;
    std::array<char, 4096> buffer{};
    for (;;) {
      const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
      if (size < 0) return datagrams;
      datagrams.emplace_back(buffer.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  int descriptor_;
};

}  // namespace bot::test
