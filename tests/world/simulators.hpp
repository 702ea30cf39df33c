#pragma once
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "hetzner/simulator/simulator.hpp"
#include "net/client.hpp"
#include "tailnet/simulator/simulator.hpp"

namespace world {

/// A simulator as a story asks it, over HTTP.
struct Service {
  explicit Service(std::uint16_t port);
  /// Throws when the answer is no success.
  nlohmann::json ask(const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr);

  std::string url;
  boost::asio::io_context io{1};
  net::Client client;
};

/// Hetzner and the tailnet, in a thread of their own: they outlive the bot, and are asked as separate
/// programs are.
class Simulators {
 public:
  /// Whose tailnet it is: Tailscale's, or that of headscale 0.26, 0.28, 0.29 (26, 28, 29).
  struct Tailnet {
    int headscale = 0;
    std::string tag = "tag:devbox";  ///< that the policy knows
  };
  /// `catalogue`: a file in place of the built-in one; "" = that.
  Simulators(double speed, const std::string& catalogue, const Tailnet& of);
  ~Simulators();
  Simulators(const Simulators&) = delete;
  Simulators& operator=(const Simulators&) = delete;

  static constexpr auto token = "world-token";
  static constexpr auto oauth_secret = "world-secret";

 private:
  boost::asio::io_context io_{1};
  net::SystemClock clock_;
  hetzner::simulator::Simulator hetzner_;
  tailnet::simulator::Simulator tailnet_;

 public:
  Service hetzner;
  Service tailnet;

 private:
  std::thread thread_;
};

}  // namespace world
