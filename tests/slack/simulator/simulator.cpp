#include "tests/slack/simulator/simulator.hpp"

#include <optional>

#include "net/faults.hpp"
#include "net/server.hpp"
#include "tests/slack/simulator/call.hpp"

namespace slack::simulator {
namespace {

std::string fault_body(int, const std::string& code) {
  return nlohmann::json{{"ok", false}, {"error", code.empty() ? "internal_error" : code}}.dump();
}

}  // namespace

struct Simulator::State {
  State(net::Executor executor, net::Clock& clock, Team& team, Options given)
      : options(std::move(given)),
        workspace(std::make_shared<Workspace>(executor, clock, team)),
        faults(clock, fault_body),
        handler(faults.wrap([home = workspace](const auto& request) { return serve(home, request); })) {
    net::ServerOptions served;
    served.certificate_file = options.certificate_file;
    served.private_key_file = options.private_key_file;
    served.body_limit = 64 * 1024 * 1024;
    const auto with_limits = [this](const auto& request) { return limited(request); };
    server.emplace(executor, options.listen, with_limits, served);
    options.listen =
        options.listen.substr(0, options.listen.rfind(':')) + ":" + std::to_string(server->port());
    workspace->base_url = (options.certificate_file.empty() ? "http://" : "https://") + options.listen;
  }

  /// A ticket opens one connection, once.
  static net::awaitable<net::HttpResponse> serve(std::shared_ptr<Workspace> home,
                                                 const net::HttpRequest& request) {
    if (!request.target.starts_with("/link/")) co_return answer(*home, request);
    net::HttpResponse response;
    const auto ticket = net::parse_target(request.target).find("ticket").value_or("");
    if (home->team.tickets.erase(ticket) == 0) {
      response.status = 401;
      co_return response;
    }
    response.status = 101;
    response.upgrade = [home](std::shared_ptr<net::WebSocket> socket) {
      return home->talk(std::move(socket));
    };
    co_return response;
  }

  /// Slack says with each 429 how long to wait.
  net::awaitable<net::HttpResponse> limited(const net::HttpRequest& request) {
    auto response = co_await handler(request);
    if (response.status == 429)
      response.headers.emplace_back("Retry-After", std::to_string(workspace->team.retry_after));
    if (response.status != 101 || response.delivery != net::Delivery::whole) response.upgrade = nullptr;
    co_return response;
  }

  Options options;
  std::shared_ptr<Workspace> workspace;
  net::Faults faults;
  net::Server::Handler handler;
  std::optional<net::Server> server;
};

Simulator::Simulator(net::Executor executor, net::Clock& clock, Team& team, Options options)
    : state_(std::make_shared<State>(std::move(executor), clock, team, std::move(options))) {}
Simulator::~Simulator() { state_->server.reset(); }

std::string Simulator::url() const { return state_->workspace->base_url; }
Workspace& Simulator::workspace() { return *state_->workspace; }

}  // namespace slack::simulator
