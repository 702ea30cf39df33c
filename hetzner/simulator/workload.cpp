#include "hetzner/simulator/workload.hpp"

#include <algorithm>

namespace hetzner::simulator {
namespace {

/// Keep-alives of a tab that is only open.
constexpr std::int64_t tab_bytes = 900;

void build_on(Workload& load) {
  load.makes = true;
  load.cores = 3.2;
  load.io = 4'000'000;
}

/// Somebody who is or was at work in a terminal and an editor.
Workload person(std::int64_t idle_s) {
  Workload load;
  load.typed_s = load.beat_s = idle_s;
  if (idle_s >= 60) return load;
  load.cores = 0.15;
  load.io = 20'000;
  load.editor_bytes = 5000;
  return load;
}

}  // namespace

std::int64_t Behaviour::idle_at(net::Time now) const {
  if (idle_from == never) return static_cast<std::int64_t>(idle_s);
  const auto sign = idle_from - net::Duration(static_cast<std::int64_t>(idle_s * 1000));
  return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(now - sign).count());
}

Workload workload(const Behaviour& behaviour, net::Time now) {
  const auto& what = behaviour.report;
  Workload load;
  if (what == "tab") {
    load.beat_s = 0;
    load.editor_bytes = tab_bytes;
  } else if (what == "lease") {
    load.leased = true;
  } else if (what != "build" && what != "silent_build") {
    load = person(behaviour.idle_at(now));
  }
  if (what == "busy" || what == "build" || what == "silent_build") build_on(load);
  return load;
}

}  // namespace hetzner::simulator
