#include "net/server.hpp"
#include "tests/catch.hpp"
#include "tests/tailnet/scene.hpp"

using namespace tailnet;

namespace {

/// Something that is not the Tailscale API: it gives a token and then always the same answer.
struct Strange {
  explicit Strange(std::string answer_)
      : answer(std::move(answer_)),
        server(io.get_executor(), "127.0.0.1:0",
               [this](const net::HttpRequest& request) { return respond(request); }),
        client(io.get_executor(), net::parse_endpoint("http://127.0.0.1:" + std::to_string(server.port()))),
        tailnet(io.get_executor(), client, clock, random, Options{}) {}

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
    CHECK_THROWS_WITH(run(api.io, api.tailnet.keys()),
                      "Tailscale was asked to list the auth keys: its answer has an unknown form");
    CHECK_THROWS_WITH(run(api.io, api.tailnet.mint("a", std::chrono::minutes(1))),
                      "Tailscale was asked to make an auth key: its answer has an unknown form");
  }
}

TEST_CASE("an answer that is not JSON is an error") {
  Strange api("<html>");
  CHECK_THROWS_WITH(run(api.io, api.tailnet.delete_device("n1")),
                    "Tailscale was asked to delete the device n1: its answer is not JSON");
}
