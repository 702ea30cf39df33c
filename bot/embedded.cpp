#include "bot/embedded.hpp"

#include <fstream>

#include "bot/state.hpp"
#include "net/error.hpp"

namespace bot {
namespace {

/// The whole `up`, about 90 s at Hetzner, takes about ten.
constexpr int speed = 10;
constexpr auto oauth_id = "demo";

/// "127.0.0.1:PORT" with the port of the last time; port 0 = any, the first time.
std::string last_address(const std::string& directory, const std::string& name) {
  std::ifstream in(directory + "/" + name + ".port");
  int port = 0;
  in >> port;
  return "127.0.0.1:" + std::to_string(port > 0 && port < 65536 ? port : 0);
}

void remember(const std::string& directory, const std::string& name, std::uint16_t port) {
  std::ofstream(directory + "/" + name + ".port") << port << "\n";
}

/// On the port of the last time, or on another one when somebody else has that now.
template <class Simulator, class Options>
void start(std::optional<Simulator>& simulator, net::Executor executor, net::Clock& clock, Options options,
           const std::string& directory, const std::string& name) {
  options.listen = last_address(directory, name);
  options.state_file = directory + "/" + name + ".json";
  try {
    simulator.emplace(executor, clock, options);
  } catch (const net::Error&) {
    options.listen = "127.0.0.1:0";
    simulator.emplace(executor, clock, options);
  }
  remember(directory, name, simulator->port());
}

std::string loopback_url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace

Embedded::Embedded(net::Executor executor, net::Clock& clock, net::Random& random,
                   const std::string& directory)
    : directory_(directory),
      hetzner_token_(own_secret(directory, "demo-hetzner-token", random)),
      oauth_secret_(own_secret(directory, "demo-oauth-secret", random)) {
  tailnet::simulator::Options tailnet;
  tailnet.oauth_id = oauth_id;
  tailnet.oauth_secret = oauth_secret_;
  start(tailnet_, executor, clock, tailnet, directory, "tailnet-sim");
  hetzner::simulator::Options hetzner;
  hetzner.tokens = {hetzner_token_};
  hetzner.speed = speed;
  start(hetzner_, executor, clock, hetzner, directory, "hetzner-sim");
}

Config Embedded::config() const {
  Config config;
  config.database = directory_ + "/devbox.db";
  config.log = "warn";
  config.listen = last_address(directory_, "reports");
  config.hetzner_endpoint = loopback_url(hetzner_->port()) + "/v1";
  config.hetzner_token = hetzner_token_;
  config.tailnet_api = loopback_url(tailnet_->port());
  config.oauth_client_id = oauth_id;
  config.oauth_client_secret = oauth_secret_;
  config.settings.login_server = loopback_url(tailnet_->port());
  config.settings.policy.admins = {"console:*"};
  config.settings.limits.poll_actions = std::chrono::milliseconds(200);
  config.settings.limits.poll_devices = std::chrono::milliseconds(300);
  config.settings.notice = "simulated: nothing is ordered or billed; time runs " + std::to_string(speed) +
                           "× as fast, so the 1.5 minutes of a real machine take about 10 s";
  return config;
}

void Embedded::remember_reports_port(std::uint16_t port) { remember(directory_, "reports", port); }

}  // namespace bot
