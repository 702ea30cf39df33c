#include "tests/fuzz/simulated_cloud.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>

#include "hetzner/simulator/control.hpp"
#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/respond.hpp"
#include "tests/fuzz/entries.hpp"

namespace fuzz {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using hetzner::simulator::Holdings;

/// Stands still but for what is waited for between requests.
struct StoodClock final : net::Clock {
  [[nodiscard]] net::Time now() const override { return now_; }
  net::awaitable<void> sleep_until(net::Time) override { co_return; }
  net::Time now_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25);
};

constexpr std::array statuses = {200, 201, 204, 400, 401, 403, 404, 405, 409, 410, 412, 422, 423, 429};

hetzner::simulator::Options one_project() {
  hetzner::simulator::Options options;
  options.tokens = {"fuzz"};
  options.read_only_tokens = {"reader"};
  return options;
}

/// Each answer has these, a refusal a code and a sentence.
void check(const net::HttpResponse& response) {
  require(std::find(statuses.begin(), statuses.end(), response.status) != statuses.end(),
          "an answer has a status of the API's, not " + std::to_string(response.status));
  for (const auto* name : {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Correlation-Id"})
    require(net::find_header(response.headers, name).has_value(), std::string("an answer has ") + name);
  for (const auto& [name, value] : response.headers)
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a header is a line");
  require(response.body.empty() == (response.status == 204), "an answer but 204 has a body");
  if (response.body.empty()) return;
  const auto body = json::parse(response.body, nullptr, false);
  require(body.is_object(), "a body is an object");
  require(body.contains("error") == (response.status >= 400), "a refusal, and only that, has an error");
  if (response.status < 400) return;
  const auto& error = body.at("error");
  require(!error.at("code").get<std::string>().empty(), "an error has a code");
  require(error.at("message").is_string() && error.contains("details"), "an error has a message and details");
}

}  // namespace

/// The world is made once, for reading its catalogue takes longer than all the rest.
struct SimulatedCloud::State {
  State() : world(io.get_executor(), clock, one_project()) {
    using hetzner::simulator::respond;
    respond(world, asking("POST", "/v1/volumes",
                          R"({"name":"home","size":10,"location":"fsn1","labels":{"a":"b"}})"));
    respond(world, asking("POST", "/v1/primary_ips", R"({"name":"ip","type":"ipv4","location":"fsn1"})"));
    respond(world, asking("POST", "/v1/firewalls", R"({"name":"wall","rules":[]})"));
    respond(world, asking("POST", "/v1/servers", R"({"name":"box","server_type":"cpx32","image":"debian-12",
                                                     "location":"fsn1","labels":{"a":""}})"));
    clock.now_ += 100s;
    world.settle();
    first = held();
    first_now = clock.now_;
    first_id = world.last_id;
    first_action_id = world.last_action_id;
  }

  void begin() {
    world.projects.front() = std::make_unique<hetzner::simulator::Project>(world, "fuzz");
    held() = first;
    clock.now_ = first_now;
    world.last_id = first_id;
    world.last_action_id = first_action_id;
    world.advanced = {};
    world.stock.clear();
    world.behaviour = {};
  }

  static net::HttpRequest asking(const std::string& method, const std::string& target,
                                 std::string_view body) {
    return {method, target, {{"Authorization", "Bearer fuzz"}}, std::string(body)};
  }
  Holdings& held() { return world.projects.front()->held; }

  boost::asio::io_context io{1};
  StoodClock clock;
  hetzner::simulator::World world;
  Holdings first;
  net::Time first_now;
  hetzner::simulator::Id first_id = 0, first_action_id = 0;
};

SimulatedCloud::State& SimulatedCloud::only() {
  static State state;
  return state;
}

SimulatedCloud::SimulatedCloud() : state_(only()) { state_.begin(); }

net::HttpResponse SimulatedCloud::ask(const std::string& method, const std::string& target,
                                      std::string_view body) {
  return ask(State::asking(method, target, body));
}

net::HttpResponse SimulatedCloud::ask(const net::HttpRequest& request) {
  auto& world = state_.world;
  world.settle();
  const bool is_ours = request.target.starts_with("/_sim/");
  const json before = state_.held();
  const auto response =
      is_ours ? hetzner::simulator::control(world, request) : hetzner::simulator::respond(world, request);
  const json after = state_.held();
  if (!is_ours) check(response);
  if (!is_ours && (response.status >= 400 || request.method == "GET"))
    require(before == after, "a refusal and a GET change nothing: " + request.method + " " + request.target);
  if (before != after) require(json(after.get<Holdings>()) == after, "what is held can be kept in a file");
  state_.clock.now_ += 3s;
  world.settle();
  return response;
}

}  // namespace fuzz
