#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "net/awaitable.hpp"
#include "net/clock.hpp"

namespace tailnet::simulator {

struct Options {
  std::string listen = "127.0.0.1:0";
  std::string oauth_id;
  std::string oauth_secret;
  std::string api_key;     ///< a further accepted bearer token, headscale's only one; "" = none
  std::string state_file;  ///< "" = in memory only
  std::string domain = "tail1234.ts.net";
  std::string tag = "tag:devbox";         ///< the one tag its policy knows; headscale takes any
  int headscale = 0;                      ///< 26, 28, 29: answers as headscale 0.26, …; 0: as Tailscale
  std::string headscale_user = "devbox";  ///< the one user there, its id is 1
};

/// A control server's API, stateful, over real HTTP: Tailscale's v2 (OAuth token, keys, devices), or
/// headscale's v1; machines join by POST /_sim/join {key, hostname}. Faults and the request log under /_sim/
/// as in hetzner-sim. One that is cut off stays connected until /_sim/offline says otherwise.
class Simulator {
 public:
  Simulator(net::Executor executor, net::Clock& clock, Options options);
  ~Simulator();
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tailnet::simulator
