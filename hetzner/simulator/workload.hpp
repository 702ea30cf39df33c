#pragma once
#include <cstdint>
#include <optional>

#include "hetzner/simulator/model.hpp"

namespace hetzner::simulator {

/// What goes on on a virtual workspace: it reports that, and the metrics show it.
struct Workload {
  double cores = 0.01;
  double io = 0;                        ///< bytes a second of its disks
  std::int64_t editor_bytes = 0;        ///< a minute
  std::optional<std::int64_t> typed_s;  ///< since the last keystroke; nullopt = nobody is logged in
  std::optional<std::int64_t> beat_s;   ///< since the editor's last heartbeat; nullopt = there was none
  bool makes = false;                   ///< `make` runs
  bool leased = false;                  ///< by `devboxctl run`
};

/// At `now` of the clock.
Workload workload(const Behaviour& behaviour, net::Time now);

}  // namespace hetzner::simulator
