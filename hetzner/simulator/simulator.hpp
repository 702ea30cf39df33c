#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/awaitable.hpp"
#include "net/clock.hpp"

namespace hetzner::simulator {

struct Options {
  std::string listen = "127.0.0.1:0";
  std::vector<std::string> tokens;            ///< each token is a project of its own
  std::vector<std::string> read_only_tokens;  ///< the n-th reads the n-th project
  double speed = 1;                           ///< divides every duration, never the billing clock
  std::uint64_t seed = 1;
  std::string state_file;      ///< "" = in memory only; written so that SIGKILL loses nothing answered
  std::string catalogue_file;  ///< "" = the built-in one
  std::string ipv4_pool = "203.0.113.0/24";
  int shape = 2026;  ///< the year of the API's spelling: 2026, or 2025 (shape.hpp)
  std::string hook;  ///< command run for every event; "" = virtual workspaces
};

/// The Hetzner Cloud API, stateful, over real HTTP, with virtual workspaces: what `hetzner-sim` runs
/// and what the embedded default starts in the process. Control under /_sim/ (DESIGN, Interfaces).
class Simulator {
 public:
  Simulator(net::Executor executor, net::Clock& clock, Options options);
  ~Simulator();
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hetzner::simulator
