#include "tailnet/simulator/simulator.hpp"

#include "net/faults.hpp"
#include "net/server.hpp"
#include "tailnet/simulator/endpoints.hpp"

namespace tailnet::simulator {
namespace {

net::Faults::ErrorBody fault_body(bool is_headscale) {
  return [is_headscale](int status, const std::string& code) {
    return error_body(is_headscale, status,
                      code.empty() ? "fault with status " + std::to_string(status) : code);
  };
}

/// The registry lives as long as a held answer needs it.
net::Server::Handler api(std::shared_ptr<Registry> registry) {
  return [registry](const net::HttpRequest& request) -> net::awaitable<net::HttpResponse> {
    auto response = answer(*registry, request);
    co_return response;
  };
}

net::Server::Handler with_retry_after(net::Server::Handler handler) {
  const auto inner = std::make_shared<const net::Server::Handler>(std::move(handler));
  return [inner](const net::HttpRequest& request) -> net::awaitable<net::HttpResponse> {
    const auto held = inner;
    auto response = co_await (*held)(request);
    if (response.status == 429) response.headers.emplace_back("Retry-After", "1");
    co_return response;
  };
}

}  // namespace

struct Simulator::State {
  State(const net::Executor& executor, net::Clock& clock, const Options& options)
      : faults(clock, fault_body(options.headscale != 0)),
        server(executor, options.listen,
               with_retry_after(faults.wrap(api(std::make_shared<Registry>(clock, options))))) {}

  net::Faults faults;
  net::Server server;
};

Simulator::Simulator(net::Executor executor, net::Clock& clock, Options options)
    : state_(std::make_unique<State>(executor, clock, options)) {}
Simulator::~Simulator() = default;
std::uint16_t Simulator::port() const { return state_->server.port(); }

}  // namespace tailnet::simulator
