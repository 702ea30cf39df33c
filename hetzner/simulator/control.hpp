#pragma once
#include <functional>

#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/world.hpp"
#include "net/http.hpp"

namespace hetzner::simulator {

/// The simulator's own controls below /_sim/ (DESIGN, Simulator control), without a token. `behaved` is
/// called for a server whose behaviour was changed.
net::HttpResponse control(World& world, const net::HttpRequest& request,
                          const std::function<void(Project&, Server&)>& behaved);

}  // namespace hetzner::simulator
