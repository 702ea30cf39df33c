#include "tests/weeks/wires.hpp"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <map>
#include <utility>

namespace weeks {
namespace {

/// The kernel's numbers of the states of a connection (RFC 9293); its header keeps them to itself.
enum TcpState { established = 1, syn_sent = 2, syn_received = 3, listening = 10 };

/// Descriptors are given out from the lowest on: so far above the highest that was ever seen there is none.
constexpr int further = 16;

struct End {
  TcpState state;
  std::uint64_t sent;
  std::uint64_t received;
};
/// Own port, the other's: on one address, loopback, that names a connection's end.
using Ports = std::pair<std::uint16_t, std::uint16_t>;

bool can_write(int socket) {
  pollfd one{socket, POLLOUT, 0};
  return ::poll(&one, 1, 0) == 1;
}

std::uint16_t port_of(int socket, int (*name)(int, sockaddr*, socklen_t*)) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (name(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin_port);
}

/// Of what is not yet with the kernel of the other side, as far as this end knows.
bool is_moving(int socket, const tcp_info& info) {
  if (info.tcpi_state == syn_sent || info.tcpi_state == syn_received) return true;
  if (info.tcpi_state == listening) return info.tcpi_unacked > 0;  // to be accepted
  if (info.tcpi_state != established) return false;
  return info.tcpi_notsent_bytes > 0 || (info.tcpi_unacked > 0 && !can_write(socket));
}

bool have_met(const std::map<Ports, End>& ends) {
  for (const auto& [ports, end] : ends) {
    if (end.state != established) continue;
    const auto other = ends.find({ports.second, ports.first});
    // Not accepted yet, or closed, which this end has not heard.
    if (other == ends.end() || other->second.received != end.sent) return false;
  }
  return true;
}

}  // namespace

bool are_silent() {
  static int highest = 2;
  std::map<Ports, End> ends;
  for (int socket = 3; socket <= highest + further; ++socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    const bool is_tcp = ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    if (is_tcp || errno != EBADF) highest = std::max(highest, socket);
    if (!is_tcp) continue;
    if (is_moving(socket, info)) return false;
    if (info.tcpi_state == listening) continue;
    const Ports ports{port_of(socket, ::getsockname), port_of(socket, ::getpeername)};
    ends[ports] = {static_cast<TcpState>(info.tcpi_state), info.tcpi_bytes_sent - info.tcpi_bytes_retrans,
                   info.tcpi_bytes_received};
  }
  return have_met(ends);
}

}  // namespace weeks
