#include "hetzner/simulator/simulator.hpp"

#include <algorithm>

#include "hetzner/simulator/control.hpp"
#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/respond.hpp"
#include "hetzner/simulator/task.hpp"
#include "hetzner/simulator/world.hpp"
#include "net/faults.hpp"
#include "net/server.hpp"

namespace hetzner::simulator {
namespace {

using net::HttpRequest;
using net::HttpResponse;
using Shared = std::shared_ptr<World>;

/// A server must come up, and a hook be run, although nobody asks.
net::awaitable<void> keep_moving(Shared world) {
  for (;;) {
    world->settle();
    // The far future overflows a timer.
    const auto next = std::min(world->next_event(), world->now() + std::chrono::hours(1));
    co_await world->changed.wait_until(world->clock, next);
  }
}

net::awaitable<HttpResponse> answer(Shared world, const HttpRequest& request) {
  if (request.target.starts_with("/_sim/")) co_return control(*world, request, [](Project&, Server&) {});
  co_return respond(*world, request);
}

net::Server::Handler handler(Shared world) {
  return [world = std::move(world)](const HttpRequest& request) { return answer(world, request); };
}

}  // namespace

struct Simulator::State {
  State(net::Executor executor, net::Clock& clock, Options options)
      : world(std::make_shared<World>(executor, clock, std::move(options))),
        faults(clock, fault_body),
        server(executor, world->options.listen, faults.wrap(handler(world))),
        mover(executor, "the simulator's clock", keep_moving(world)) {}

  Shared world;
  net::Faults faults;
  net::Server server;
  Task mover;
};

Simulator::Simulator(net::Executor executor, net::Clock& clock, Options options)
    : state_(std::make_unique<State>(executor, clock, std::move(options))) {}
Simulator::~Simulator() = default;
std::uint16_t Simulator::port() const { return state_->server.port(); }

}  // namespace hetzner::simulator
