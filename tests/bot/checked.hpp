#pragma once
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "bot/check.hpp"
#include "hetzner/simulator/simulator.hpp"
#include "net/client.hpp"
#include "tailnet/simulator/simulator.hpp"
#include "tests/bot/loop.hpp"
#include "tests/run.hpp"
#include "tests/temp_dir.hpp"

namespace bot::test {

/// The system's time, wrong by so much.
class WrongClock final : public net::Clock {
 public:
  explicit WrongClock(net::Duration error) : error_(error) {}
  [[nodiscard]] net::Time now() const override { return clock_.now() + error_; }
  net::awaitable<void> sleep_until(net::Time when) override { return clock_.sleep_until(when - error_); }

 private:
  net::SystemClock clock_;
  net::Duration error_;
};

inline hetzner::simulator::Options cloud_options() {
  hetzner::simulator::Options options;
  options.tokens = {"token", "second"};
  options.read_only_tokens = {"reader"};
  return options;
}

inline tailnet::simulator::Options oauth_options() {
  tailnet::simulator::Options options;
  options.oauth_id = "id";
  options.oauth_secret = "secret";
  return options;
}

inline std::string url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

/// Both simulators, and a configuration that they satisfy.
struct Checked {
  explicit Checked(net::Duration clock_error = {}) : clock(clock_error) {
    config.hetzner_endpoint = hetzner + "/v1";
    config.hetzner_token = "token";
    config.tailnet_api = tailnet;
    config.oauth_client_id = "id";
    config.oauth_client_secret = "secret";
    config.settings.login_server = tailnet;
    config.database = dir.file("devbox.db");
  }

  Findings of_cloud() { return run(loop.io, check_cloud(with())); }
  Findings of_tailnet() { return run(loop.io, check_tailnet(with())); }
  Findings of_reports(bool is_running) { return run(loop.io, check_reports(with(), is_running)); }
  Checking with() { return {loop.io.get_executor(), clock, loop.random, config}; }

  /// Asks a simulator something as somebody else would.
  nlohmann::json ask(const std::string& base, const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr) {
    net::Client client(loop.io.get_executor(), net::parse_endpoint(base));
    net::HttpRequest request{method, path, {{"Authorization", "Bearer token"}}, ""};
    if (!body.is_null()) request.body = body.dump();
    const auto response = run(loop.io, client.fetch(request, std::chrono::seconds(10)));
    if (response.status >= 300) throw std::runtime_error(path + " was answered " + response.body);
    return response.body.empty() ? nlohmann::json() : nlohmann::json::parse(response.body);
  }
  void remove_snapshots(const std::string& flavour) {
    const auto images = ask(hetzner, "GET", "/v1/images?type=snapshot&label_selector=os-flavor%3D" + flavour);
    for (const auto& image : images["images"]) ask(hetzner, "DELETE", "/v1/images/" + image["id"].dump());
  }

  TempDir dir;
  Loop loop;
  WrongClock clock;
  hetzner::simulator::Simulator hetzner_sim{loop.io.get_executor(), loop.clock, cloud_options()};
  tailnet::simulator::Simulator tailnet_sim{loop.io.get_executor(), loop.clock, oauth_options()};
  std::string hetzner = url(hetzner_sim.port());
  std::string tailnet = url(tailnet_sim.port());
  Config config;
};

inline std::string text_of(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings) text += shown(finding) + "\n";
  return text;
}

/// The findings that are not ok.
inline std::string trouble_in(Findings findings) {
  std::erase_if(findings, [](const auto& one) { return one.level == Level::ok; });
  return text_of(findings);
}

}  // namespace bot::test
