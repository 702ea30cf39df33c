#include <cmath>

#include "hetzner/cloud.hpp"
#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

/// The bot's own client at the simulator.
struct Reader {
  explicit Reader(Cloud& cloud_)
      : cloud(cloud_),
        client(cloud.io.get_executor(),
               net::parse_endpoint("http://127.0.0.1:" + std::to_string(cloud.simulator->port()) + "/v1")) {
    options.token = "first";
  }
  std::optional<hetzner::Load> load(std::int64_t server, net::Duration ago, net::Duration until_ago) {
    hetzner::Api api(client, cloud.clock, random, options);
    hetzner::Actions actions(cloud.io.get_executor(), api, cloud.clock);
    hetzner::Cloud reading(api, actions, cloud.clock);
    const auto now = cloud.clock.now();
    return run(cloud.io, reading.load({server}, now - ago, now - until_ago));
  }

  Cloud& cloud;
  net::Client client;
  net::Random random{1};
  hetzner::ApiOptions options;
};

}  // namespace

TEST_CASE("the bot reads how busy a machine was") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const auto id = std::stoll(server.substr(server.rfind('/') + 1));
  Reader reader(cloud);
  cloud.clock.advance(10min);
  const auto somebody = reader.load(id, 10min, 0min).value();
  CHECK(somebody.cpu == 15);
  CHECK(somebody.disk == 20000);
  CHECK(std::lround(somebody.network) == 83);
  cloud.call("PUT", "/_sim" + server + "/behaviour", {{"report", "silent_build"}});
  const auto build = reader.load(id, 10min, 0min).value();
  CHECK(build.cpu == 320);
  CHECK(build.disk == 4e6);
  CHECK(build.network == 0);
  cloud.call("PUT", "/_sim" + server + "/behaviour", {{"report", "silent"}, {"idle_s", 3600}});
  CHECK(reader.load(id, 10min, 0min).value().cpu == 1);
  CHECK(reader.load(id, 10min, 0min).value().disk == 0);
  cloud.post(server + "/actions/poweroff");
  cloud.clock.advance(10s);
  CHECK(reader.load(id, 10min, 0min) == hetzner::Load{});
}

TEST_CASE("the bot finds no load of a server that is gone, or that was not there yet") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const auto id = std::stoll(server.substr(server.rfind('/') + 1));
  Reader reader(cloud);
  CHECK(reader.load(id, 60min, 30min) == std::nullopt);
  CHECK(reader.load(7, 60min, 0min) == std::nullopt);
  CHECK_THROWS_AS(reader.load(id, 0min, 60min), hetzner::ApiError);
}
