#pragma once
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "hetzner/simulator/simulator.hpp"
#include "net/client.hpp"
#include "net/clock.hpp"
#include "net/signal.hpp"
#include "tests/run.hpp"

namespace simulator_test {

using namespace std::chrono_literals;
using hetzner::simulator::Options;
using nlohmann::json;

/// 2026-11-25T09:00:00Z, and later only when the test says so.
class StillClock final : public net::Clock {
 public:
  explicit StillClock(const net::Executor& executor) : moved_(executor) {}
  [[nodiscard]] net::Time now() const override { return now_; }
  net::awaitable<void> sleep_until(net::Time when) override {
    while (now_ < when) co_await moved_.wait();
  }
  void advance(net::Duration time) {
    now_ += time;
    moved_.notify();
  }

 private:
  net::Time now_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + std::chrono::hours(9);
  net::Signal moved_;
};

struct Answer {
  int status = 0;
  json body;
  net::Headers headers;
  [[nodiscard]] std::string code() const { return body.at("error").at("code"); }
  /// The first name in details.fields.
  [[nodiscard]] std::string field() const {
    return body.at("error").at("details").at("fields").at(0).at("name");
  }
};

inline Options two_projects() {
  Options options;
  options.tokens = {"first", "second"};
  options.read_only_tokens = {"reader"};
  return options;
}

/// A simulator over real HTTP on a clock that stands still.
struct Cloud {
  explicit Cloud(Options given = two_projects()) : options(std::move(given)) { begin(); }

  void begin() {
    simulator.emplace(io.get_executor(), clock, options);
    const auto url = "http://127.0.0.1:" + std::to_string(simulator->port());
    client.emplace(io.get_executor(), net::parse_endpoint(url));
  }
  void restart() {
    client.reset();
    simulator.reset();
    begin();
  }

  Answer call(const std::string& method, const std::string& path, const json& body = nullptr,
              const std::string& token = "first") {
    return raw(method, path, body.is_null() ? "" : body.dump(), token);
  }
  Answer raw(const std::string& method, const std::string& path, const std::string& body,
             const std::string& token = "first") {
    net::HttpRequest request{method, path.starts_with("/_sim") ? path : "/v1" + path, {}, body};
    request.headers.emplace_back("Authorization", "Bearer " + token);
    const auto response = run(io, client->fetch(request, 10s));
    return {response.status, json::parse(response.body, nullptr, false), response.headers};
  }
  Answer get(const std::string& path) { return call("GET", path); }
  Answer post(const std::string& path, const json& body = json::object()) { return call("POST", path, body); }

  json volume(const std::string& name, const std::string& location = "fsn1") {
    auto made = post("/volumes", {{"name", name}, {"size", 10}, {"location", location}});
    clock.advance(1s);
    return made.body.at("volume");
  }
  json address(const std::string& name, const std::string& location = "fsn1") {
    return post("/primary_ips", {{"name", name}, {"type", "ipv4"}, {"location", location}})
        .body.at("primary_ip");
  }
  static json order(const std::string& name) {
    return {{"name", name}, {"server_type", "cpx32"}, {"image", "debian-12"}, {"location", "fsn1"}};
  }
  /// A server that runs.
  std::string server(const std::string& name) { return make(order(name)); }
  std::string make(const json& body) {
    const auto made = post("/servers", body);
    clock.advance(100s);
    return "/servers/" + made.body.at("server").at("id").dump();
  }
  std::string status(const std::string& server) { return get(server).body.at("server").at("status"); }

  Options options;
  boost::asio::io_context io{1};
  StillClock clock{io.get_executor()};
  std::optional<hetzner::simulator::Simulator> simulator;
  std::optional<net::Client> client;
};

}  // namespace simulator_test
