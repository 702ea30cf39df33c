#pragma once
#include "hetzner/simulator/world.hpp"
#include "net/http.hpp"

namespace hetzner::simulator {

/// The simulator's own controls below /_sim/ (DESIGN, Simulator control), without a token.
net::HttpResponse control(World& world, const net::HttpRequest& request);

}  // namespace hetzner::simulator
