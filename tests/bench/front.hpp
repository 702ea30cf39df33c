#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/client.hpp"
#include "net/server.hpp"
#include "tests/throwaway_ca.hpp"

namespace bench {

/// HTTPS in front of the simulators, which speak plain HTTP: at Hetzner and Tailscale the bot pays for TLS.
/// In a thread of its own.
class Front {
 public:
  Front() : ca_(directory_) {}
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  /// "https://localhost:PORT" of what passes every request on to `url`. Before `start`.
  std::string put_before(const std::string& url);
  void start();
  [[nodiscard]] std::string ca_file() const { return ca_.file(); }

 private:
  TempDir directory_;
  ThrowawayCa ca_;
  boost::asio::io_context io_{1};
  std::vector<std::unique_ptr<net::Client>> behind_;
  std::vector<std::unique_ptr<net::Server>> servers_;
  std::thread thread_;
};

}  // namespace bench
