#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "net/awaitable.hpp"

namespace net {

/// The addresses of `host`, at once when it is one itself. Gives up at the deadline, although the
/// system's lookup cannot be interrupted.
awaitable<std::vector<boost::asio::ip::tcp::endpoint>> resolve(
    std::string host, std::uint16_t port, std::chrono::steady_clock::time_point deadline);

}  // namespace net
