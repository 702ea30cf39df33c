#pragma once
#include <optional>
#include <string>

#include "bot/config.hpp"
#include "hetzner/simulator/simulator.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"
#include "tailnet/simulator/simulator.hpp"

namespace bot {

/// The embedded default: the Hetzner and tailnet simulators in this process, on 127.0.0.1, their state beside
/// ours. Ports are remembered, because machines that are running report to the one they were told.
class Embedded {
 public:
  Embedded(net::Executor executor, net::Clock& clock, net::Random& random, const std::string& directory);

  /// Points the configuration at them.
  [[nodiscard]] Config config() const;
  /// The reports endpoint listens on this port now: kept for the next start.
  void remember_reports_port(std::uint16_t port);

 private:
  std::string directory_;
  std::string hetzner_token_;
  std::string oauth_secret_;
  std::optional<tailnet::simulator::Simulator> tailnet_;
  std::optional<hetzner::simulator::Simulator> hetzner_;
};

}  // namespace bot
