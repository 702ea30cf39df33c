#include <fmt/format.h>

#include "net/client.hpp"
#include "net/error.hpp"
#include "net/server.hpp"
#include "tests/catch.hpp"
#include "tests/net/raw_peer.hpp"
#include "tests/run.hpp"
#include "tests/throwaway_ca.hpp"

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using net::awaitable;
using net::HttpRequest;
using net::HttpResponse;

namespace {

/// An HTTPS server whose certificate is for `name`, and clients of it.
struct World {
  explicit World(const std::string& name, std::size_t connections = 100)
      : ca(directory), server(io.get_executor(), "127.0.0.1:0", answer, options(name, connections)) {}

  net::ServerOptions options(const std::string& name, std::size_t connections) {
    const auto identity = ca.issue(name);
    net::ServerOptions made;
    made.certificate_file = identity.certificate_file;
    made.private_key_file = identity.private_key_file;
    made.connections = connections;
    return made;
  }
  static awaitable<HttpResponse> answer(const HttpRequest& request) {
    HttpResponse response;
    response.body = "over TLS";
    if (request.target == "/before") response.delivery = net::Delivery::cut_before;
    if (request.target == "/half") response.delivery = net::Delivery::cut_half;
    if (request.target == "/garbage") response.delivery = net::Delivery::garbage;
    co_return response;
  }
  net::Client client(const std::string& host, const std::string& ca_file,
                     const std::string& scheme = "https") {
    net::ClientOptions trusting;
    trusting.ca_file = ca_file;
    return net::Client(io.get_executor(),
                       net::parse_endpoint(fmt::format("{}://{}:{}", scheme, host, server.port())), trusting);
  }
  HttpResponse get(net::Client& client, const std::string& target = "/") {
    HttpRequest request;
    request.method = "GET";
    request.target = target;
    return run(io, client.fetch(request, 10s));
  }

  boost::asio::io_context io;
  TempDir directory;
  ThrowawayCa ca;
  net::Server server;
};

}  // namespace

TEST_CASE("a certificate of the configured CA is accepted, for a name and for an address") {
  World named("DNS:localhost");
  auto client = named.client("localhost", named.ca.file());
  CHECK(named.get(client).body == "over TLS");
  World numbered("IP:127.0.0.1");
  auto other = numbered.client("127.0.0.1", numbered.ca.file());
  CHECK(numbered.get(other).body == "over TLS");
}

TEST_CASE("a certificate that the system's CAs do not know is refused before anything is sent") {
  World world("DNS:localhost");
  auto client = world.client("localhost", "");
  CHECK_THROWS_AS(world.get(client), net::NotSent);
  CHECK_THROWS_WITH(world.get(client), Contains("its certificate is refused: "));
}

TEST_CASE("a certificate for another host is refused") {
  World world("DNS:example.com");
  auto client = world.client("localhost", world.ca.file());
  CHECK_THROWS_AS(world.get(client), net::NotSent);
  CHECK_THROWS_WITH(world.get(client), Contains("hostname mismatch"));
  auto by_address = world.client("127.0.0.1", world.ca.file());
  CHECK_THROWS_WITH(world.get(by_address), Contains("IP address mismatch"));
}

TEST_CASE("a TLS connection is kept and used again") {
  World world("DNS:localhost", 1);
  auto client = world.client("localhost", world.ca.file());
  for (int i = 0; i < 3; ++i) CHECK(world.get(client).body == "over TLS");
}

TEST_CASE("a broken delivery is NoAnswer over TLS too") {
  World world("DNS:localhost");
  auto client = world.client("localhost", world.ca.file());
  for (const std::string target : {"/before", "/half", "/garbage"}) {
    INFO(target);
    CHECK_THROWS_AS(world.get(client, target), net::NoAnswer);
    CHECK(world.get(client).body == "over TLS");
  }
}

TEST_CASE("plain HTTP to a TLS server has no answer, TLS to a plain or silent one is not sent") {
  World world("DNS:localhost");
  auto plain = world.client("localhost", "", "http");
  CHECK_THROWS_AS(world.get(plain), net::NoAnswer);

  net::Server not_tls(world.io.get_executor(), "127.0.0.1:0", World::answer);
  RawPeer silent(world.io, [](Socket& socket) -> awaitable<void> { co_await read_to(socket, "never"); });
  HttpRequest request;
  request.method = "GET";
  request.target = "/";
  for (const auto port : {not_tls.port(), silent.port()}) {
    net::Client client(world.io.get_executor(),
                       net::parse_endpoint(fmt::format("https://127.0.0.1:{}", port)));
    CHECK_THROWS_AS(run(world.io, client.fetch(request, 300ms)), net::NotSent);
  }
}

TEST_CASE("a CA file or certificate that cannot be read is an error that names it") {
  World world("DNS:localhost");
  CHECK_THROWS_WITH(world.client("localhost", "/nowhere/ca.pem"), Contains("/nowhere/ca.pem"));
  net::ServerOptions options;
  options.certificate_file = "/nowhere/server.pem";
  CHECK_THROWS_WITH(net::Server(world.io.get_executor(), "127.0.0.1:0", World::answer, options),
                    Contains("/nowhere/server.pem"));
}
