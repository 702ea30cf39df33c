#include "tests/matrix/simulator/simulator.hpp"

#include <optional>

#include "net/faults.hpp"
#include "net/server.hpp"
#include "net/spawn.hpp"
#include "tests/matrix/simulator/endpoints.hpp"

namespace matrix::simulator {
namespace {

/// A code that is a page is what some proxy before the homeserver says; one that is an object is the answer.
std::string fault_body(int status, const std::string& code) {
  if (code.starts_with('<') || code.starts_with('{')) return code;
  return error_body(code.empty() ? "M_UNKNOWN" : code, "fault with status " + std::to_string(status));
}

/// The homeserver lives as long as a held answer needs it.
net::Server::Handler api(std::shared_ptr<Homeserver> home) {
  return [home](const net::HttpRequest& request) { return answer(home, request); };
}

}  // namespace

struct Simulator::State {
  State(net::Executor given_executor, net::Clock& given_clock, Contents& contents, Options given)
      : executor(std::move(given_executor)),
        clock(given_clock),
        options(std::move(given)),
        home(std::make_shared<Homeserver>(executor, clock, contents)),
        faults(clock, fault_body),
        handler(faults.wrap(api(home))) {
    contents.is_tls = !options.certificate_file.empty();
    listen();
  }

  void listen() {
    net::ServerOptions served;
    served.certificate_file = options.certificate_file;
    served.private_key_file = options.private_key_file;
    served.body_limit = 64 * 1024 * 1024;
    server.emplace(executor, options.listen, handler, served);
    // The port that was found free is ours from now on.
    options.listen =
        options.listen.substr(0, options.listen.rfind(':')) + ":" + std::to_string(server->port());
  }

  static net::awaitable<void> stay_down(std::weak_ptr<State> waiting, net::Clock& clock, net::Duration time) {
    co_await clock.sleep_for(time);
    const auto state = waiting.lock();
    if (state && !state->server) state->restart();
  }

  void restart() {
    home->forget_caches();
    listen();
  }

  net::Executor executor;
  net::Clock& clock;
  Options options;
  std::shared_ptr<Homeserver> home;
  net::Faults faults;
  net::Server::Handler handler;
  std::optional<net::Server> server;
};

Simulator::Simulator(net::Executor executor, net::Clock& clock, Contents& contents, Options options)
    : state_(std::make_shared<State>(std::move(executor), clock, contents, std::move(options))) {
  const std::weak_ptr<State> weak = state_;
  state_->home->on_down = [weak](net::Duration time) {
    const auto state = weak.lock();
    if (!state) return;
    state->server.reset();
    net::spawn(state->executor, "homeserver down", State::stay_down(weak, state->clock, time));
  };
}
Simulator::~Simulator() { state_->server.reset(); }

std::uint16_t Simulator::port() const {
  const auto& listen = state_->options.listen;
  return static_cast<std::uint16_t>(std::stoul(listen.substr(listen.rfind(':') + 1)));
}
std::string Simulator::url() const {
  return (state_->options.certificate_file.empty() ? "http://" : "https://") + state_->options.listen;
}
Homeserver& Simulator::home() { return *state_->home; }
void Simulator::stop() { state_->server.reset(); }
void Simulator::start() {
  if (!state_->server) state_->restart();
}

}  // namespace matrix::simulator
