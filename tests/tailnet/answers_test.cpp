#include "net/server.hpp"
#include "tests/catch.hpp"
#include "tests/tailnet/scene.hpp"

using namespace tailnet;

namespace {

/// Something that is no tailnet's API: it gives a token and then always the same answer.
struct Strange {
  explicit Strange(std::string answer_, Options options = {})
      : answer(std::move(answer_)),
        server(io.get_executor(), "127.0.0.1:0",
               [this](const net::HttpRequest& request) { return respond(request); }),
        client(io.get_executor(), net::parse_endpoint("http://127.0.0.1:" + std::to_string(server.port()))),
        tailnet(io.get_executor(), client, clock, random, std::move(options)) {}

  net::awaitable<net::HttpResponse> respond(const net::HttpRequest& request) {
    net::HttpResponse response;
    response.body = request.target == "/api/v2/oauth/token" ? R"({"access_token":"t"})" : answer;
    co_return response;
  }

  boost::asio::io_context io{1};
  net::SystemClock clock;
  net::Random random{1};
  std::string answer;
  net::Server server;
  net::Client client;
  Tailnet tailnet;
};

}  // namespace

TEST_CASE("an answer of another shape than the API's is an error that says what was asked for") {
  for (const auto* body : {"{}", "[]", "null", R"({"devices":7,"keys":[7],"id":7})", R"({"devices":[{}]})"}) {
    Strange api(body);
    CHECK_THROWS_WITH(run(api.io, api.tailnet.devices()),
                      "Tailscale was asked to list the devices: its answer has an unknown form");
    CHECK_THROWS_WITH(run(api.io, api.tailnet.keys("a")),
                      "Tailscale was asked to list the auth keys: its answer has an unknown form");
    CHECK_THROWS_WITH(run(api.io, api.tailnet.mint({"", "a", std::chrono::minutes(1)})),
                      "Tailscale was asked to make an auth key: its answer has an unknown form");
  }
}

TEST_CASE(
    "a device without connectedToControl is online while lastSeen is missing, a bare name gets the domain") {
  const std::string device =
      R"({"id":"7","name":"alice","hostname":"alice","created":"2026-01-01T00:00:00Z","tags":["tag:devbox"])";
  Options options;
  options.domain = "ts.example";
  Strange api(R"({"devices":[)" + device + R"(},)" + device + R"(,"lastSeen":"2026-01-01T00:00:00Z"}]})",
              options);
  const auto devices = run(api.io, api.tailnet.devices());
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].name == "alice.ts.example");
  CHECK(devices[0].id == "7");
  CHECK((devices[0].online && !devices[1].online));
}

TEST_CASE("where the answer is headscale's and yet of another shape, the error says what was asked for") {
  Options options;
  options.kind = Kind::headscale;
  for (const auto* body : {"{}", "[]", "null", R"({"nodes":7,"preAuthKeys":[7],"preAuthKey":7})",
                           R"({"nodes":[{}],"preAuthKeys":[{}],"preAuthKey":{}})"}) {
    Strange api(body, options);
    CHECK_THROWS_WITH(run(api.io, api.tailnet.devices()),
                      "headscale was asked to list the devices: its answer has an unknown form");
    CHECK_THROWS_WITH(run(api.io, api.tailnet.keys("a")),
                      "headscale was asked to list the auth keys: its answer has an unknown form");
    CHECK_THROWS_WITH(run(api.io, api.tailnet.mint({"", "a", std::chrono::minutes(1)})),
                      "headscale was asked to make an auth key: its answer has an unknown form");
  }
}

TEST_CASE("headscale's numbers may be numbers, and what it leaves out may be null") {
  Options options;
  options.kind = Kind::headscale;
  options.domain = "ts.example";
  Strange api(R"({"nodes":[{"id":7,"name":"alice","givenName":"alice","tags":["tag:devbox"],"preAuthKey":null,
    "lastSeen":null,"online":true,"createdAt":"2026-01-01T00:00:00.5Z","user":null}]})",
              options);
  const auto devices = run(api.io, api.tailnet.devices());
  REQUIRE(devices.size() == 1);
  CHECK((devices[0].id == "7" && devices[0].key_id.empty() && devices[0].online));
  CHECK(devices[0].created == parse_time("2026-01-01T00:00:00.5Z"));
}

TEST_CASE("an answer that is not JSON is an error") {
  Strange api("<html>");
  CHECK_THROWS_WITH(run(api.io, api.tailnet.delete_device("n1")),
                    "Tailscale was asked to delete the device n1: its answer is not JSON");
}
