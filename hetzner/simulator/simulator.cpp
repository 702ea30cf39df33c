#include "hetzner/simulator/simulator.hpp"

#include <algorithm>

#include "hetzner/simulator/control.hpp"
#include "hetzner/simulator/hook.hpp"
#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/respond.hpp"
#include "hetzner/simulator/task.hpp"
#include "hetzner/simulator/workspace.hpp"
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
  if (request.target.starts_with("/_sim/")) co_return control(*world, request);
  co_return respond(*world, request);
}

net::Server::Handler handler(Shared world) {
  return [world = std::move(world)](const HttpRequest& request) { return answer(world, request); };
}

}  // namespace

/// The machines behind the servers: real ones of the hook's, or virtual workspaces.
class Machines {
 public:
  explicit Machines(Shared world) : world_(std::move(world)), workspaces_(world_), hook_(world_) {
    if (world_->options.hook.empty()) {
      world_->on_started = [this](Project& project, Server& server) { workspaces_.start(project, server); };
      world_->on_stopped = [this](Project&, Server& server) { workspaces_.stop(server); };
      world_->on_behaved = [this](Project& project, Server& server) { workspaces_.behave(project, server); };
    } else {
      world_->on_begun = [this](Project& project, Action& action) {
        action.hooked = hook_.begin(project, action);
      };
    }
    resume();
  }
  ~Machines() {
    world_->closed = true;
    world_->on_started = world_->on_stopped = world_->on_behaved = nullptr;
    world_->on_begun = nullptr;
  }
  Machines(const Machines&) = delete;
  Machines& operator=(const Machines&) = delete;

 private:
  /// After a restart: workspaces go on, and commands whose end nobody saw are run again.
  void resume() {
    for (auto& project : world_->projects) {
      for (auto& [id, server] : project->held.servers)
        if (server.status == "running" && !server.deleting && world_->on_started)
          workspaces_.start(*project, server);
      for (auto& [id, action] : project->held.actions)
        if (action.is_running() && action.begun != never && world_->on_begun)
          world_->on_begun(*project, action);
    }
  }

  Shared world_;
  Workspaces workspaces_;
  Hook hook_;
};

struct Simulator::State {
  State(net::Executor executor, net::Clock& clock, Options options)
      : world(std::make_shared<World>(executor, clock, std::move(options))),
        machines(world),
        faults(clock, fault_body),
        server(executor, world->options.listen, faults.wrap(handler(world))),
        mover(executor, "the simulator's clock", keep_moving(world)) {}

  Shared world;
  Machines machines;
  net::Faults faults;
  net::Server server;
  Task mover;
};

Simulator::Simulator(net::Executor executor, net::Clock& clock, Options options)
    : state_(std::make_unique<State>(executor, clock, std::move(options))) {}
Simulator::~Simulator() = default;
std::uint16_t Simulator::port() const { return state_->server.port(); }

}  // namespace hetzner::simulator
