#include "net/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "net/client.hpp"
#include "net/error.hpp"
#include "net/signal.hpp"
#include "tests/catch.hpp"
#include "tests/net/raw_peer.hpp"
#include "tests/net/started.hpp"
#include "tests/run.hpp"

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using net::awaitable;
using net::Delivery;
using net::HttpRequest;
using net::HttpResponse;

namespace {

awaitable<HttpResponse> echo(const HttpRequest& request) {
  if (request.target == "/throw") throw std::runtime_error("the handler fell over");
  HttpResponse response;
  response.headers.emplace_back("X-Method", request.method);
  response.body = request.target + request.body;
  if (request.target == "/gone") response.status = 204;
  co_return response;
}

struct Echo {
  explicit Echo(net::ServerOptions options = {}) : server(io.get_executor(), "127.0.0.1:0", echo, options) {}
  /// All that is answered to these bytes until the server closes.
  std::string told(const std::string& bytes) { return run(io, talk(server.port(), bytes)); }
  boost::asio::io_context io;
  net::Server server;
};

/// What is sent for a response delivered like that, and whether `sent` was called.
std::pair<std::string, bool> delivered(Delivery delivery, const std::string& body) {
  boost::asio::io_context io;
  bool sent = false;
  net::Server server(io.get_executor(), "127.0.0.1:0", [&](const HttpRequest&) -> awaitable<HttpResponse> {
    HttpResponse response;
    response.body = body;
    response.delivery = delivery;
    response.sent = [&] { sent = true; };
    co_return response;
  });
  auto bytes = run(io, talk(server.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  return {bytes, sent};
}

}  // namespace

TEST_CASE("a request is answered with length, date and the handler's headers") {
  Echo world;
  const auto told =
      world.told("POST /a?b=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
  CHECK_THAT(told, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  CHECK_THAT(told, Contains(" GMT\r\nX-Method: POST\r\nConnection: close\r\n"));
  CHECK_THAT(told, EndsWith("Content-Length: 8\r\n\r\n/a?b=1hi"));
}

TEST_CASE("requests sent at once are answered in their order on one connection") {
  Echo world;
  const auto told =
      world.told("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK_THAT(told, EndsWith("\r\n\r\n/2"));
  CHECK_THAT(told, Contains("\r\n\r\n/1HTTP/1.1 200"));
}

TEST_CASE("HEAD has the length but no body, 204 neither") {
  Echo world;
  const auto head = world.told("HEAD /abc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK_THAT(head, EndsWith("Content-Length: 4\r\n\r\n"));
  const auto gone = world.told("DELETE /gone HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK_THAT(gone, StartsWith("HTTP/1.1 204 No Content\r\n"));
  CHECK_THAT(gone, !Contains("Content-Length"));
  CHECK_THAT(gone, EndsWith("\r\n\r\n"));
}

TEST_CASE("who expects 100-continue is told to go on") {
  Echo world;
  const auto converse = [&]() -> awaitable<std::string> {
    auto executor = co_await boost::asio::this_coro::executor;
    Socket socket(executor);
    const boost::asio::ip::tcp::endpoint peer(boost::asio::ip::address_v4::loopback(), world.server.port());
    co_await socket.async_connect(peer, boost::asio::use_awaitable);
    co_await write(socket, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    const auto go_on = co_await read_to(socket, "\r\n\r\n");
    CHECK(go_on == "HTTP/1.1 100 Continue\r\n\r\n");
    co_await write(socket, "hello");
    co_return co_await read_to(socket, "/hello");
  };
  CHECK_THAT(run(world.io, converse), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("what is not HTTP is answered 400 and closed") {
  Echo world;
  for (const std::string bytes :
       {"\x16\x03\x01\x02 hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n"}) {
    INFO(bytes);
    const auto told = world.told(bytes);
    CHECK_THAT(told, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    CHECK_THAT(
        told,
        EndsWith(
            R"({"error":{"code":"bad_request","message":"this is not an HTTP/1.1 request","details":null}})"));
  }
}

TEST_CASE("a body above the limit is answered 413, even while it is still being sent") {
  net::ServerOptions options;
  options.body_limit = 1000;
  Echo world(options);
  net::Client client(world.io.get_executor(),
                     net::parse_endpoint(fmt::format("http://127.0.0.1:{}", world.server.port())));
  HttpRequest request;
  request.method = "POST";
  request.target = "/";
  request.body = std::string(1000, 'x');
  CHECK(run(world.io, client.fetch(request, 10s)).status == 200);
  request.body = std::string(8 * 1024 * 1024, 'x');
  CHECK(run(world.io, client.fetch(request, 10s)).status == 413);
}

TEST_CASE("a handler that throws is answered 500 without its secret, and the connection goes on") {
  Echo world;
  const auto told = world.told(
      "GET /throw HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK_THAT(told, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
  CHECK_THAT(
      told,
      Contains(
          R"({"error":{"code":"server_error","message":"internal error","details":null}}HTTP/1.1 200 OK)"));
  CHECK_THAT(told, !Contains("fell over"));
}

TEST_CASE("a broken delivery sends nothing, half of the body under the whole length, garbage, or drips") {
  CHECK(delivered(Delivery::cut_before, "0123456789") == std::pair{std::string(), true});
  const auto [half, half_sent] = delivered(Delivery::cut_half, "0123456789");
  CHECK_THAT(half, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(half, EndsWith("Content-Length: 10\r\n\r\n01234"));
  CHECK(half_sent);
  const auto [bodiless, bodiless_sent] = delivered(Delivery::cut_half, "");
  CHECK_THAT(bodiless, StartsWith("HTTP/1.1 200"));
  CHECK_THAT(bodiless, !Contains("\r\n\r\n"));
  CHECK(bodiless_sent);
  const auto [garbage, garbage_sent] = delivered(Delivery::garbage, "0123456789");
  CHECK_FALSE(garbage.empty());
  CHECK_THAT(garbage, !StartsWith("HTTP"));
  CHECK(garbage_sent);
  const auto [drip, drip_sent] = delivered(Delivery::drip, "0123456789");
  CHECK_THAT(drip, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(drip, EndsWith("Content-Length: 10\r\n\r\n0123456789"));
  CHECK(drip_sent);
  const auto [whole, whole_sent] = delivered(Delivery::whole, "0123456789");
  CHECK_THAT(whole, EndsWith("Content-Length: 10\r\n\r\n0123456789"));
  CHECK(whole_sent);
}

TEST_CASE("stop closes the listener, idle connections and those whose handler still runs") {
  boost::asio::io_context io;
  net::Signal begun(io.get_executor()), never(io.get_executor());
  bool running = false, unwound = false;
  struct Unwound {
    bool& flag;
    ~Unwound() { flag = true; }
  };
  auto server = std::make_unique<net::Server>(io.get_executor(), "127.0.0.1:0",
                                              [&](const HttpRequest&) -> awaitable<HttpResponse> {
                                                const Unwound mark{unwound};
                                                running = true;
                                                co_await never.wait();
                                                HttpResponse response;
                                                co_return response;
                                              });
  const auto port = server->port();
  int closed = 0;
  const auto hang = [&](std::string bytes) -> awaitable<void> {
    const auto told = co_await talk(port, bytes);
    if (told.empty()) ++closed;
  };
  Started idle(io, hang("GET / HT")), held(io, hang("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  run_until(io, [&] { return running; });
  settle(io);
  server->stop();
  run_until(io, [&] { return idle.ended() && held.ended(); });
  CHECK(closed == 2);
  settle(io);
  CHECK(unwound);
  server.reset();
  CHECK_THROWS(run(io, talk(port, "GET / HTTP/1.1\r\n\r\n")));
}

TEST_CASE("a handler may destroy its own server") {
  boost::asio::io_context io;
  std::unique_ptr<net::Server> server;
  server = std::make_unique<net::Server>(io.get_executor(), "127.0.0.1:0",
                                         [&](const HttpRequest&) -> awaitable<HttpResponse> {
                                           server.reset();
                                           HttpResponse response;
                                           co_return response;
                                         });
  CHECK(run(io, talk(server->port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")).empty());
}

TEST_CASE("a connection that sends no whole request is closed after a while, however much it dribbles") {
  net::ServerOptions options;
  options.idle = 50ms;
  Echo world(options);
  const auto dribble = [&]() -> awaitable<void> {
    auto executor = co_await boost::asio::this_coro::executor;
    Socket socket(executor);
    boost::asio::steady_timer pause(executor);
    const boost::asio::ip::tcp::endpoint peer(boost::asio::ip::address_v4::loopback(), world.server.port());
    co_await socket.async_connect(peer, boost::asio::use_awaitable);
    co_await write(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000\r\n\r\n");
    for (;;) {
      co_await write(socket, "x");
      pause.expires_after(5ms);
      co_await pause.async_wait(boost::asio::use_awaitable);
    }
  };
  Started slow(world.io, dribble());
  run_until(world.io, [&] { return slow.ended(); });
  CHECK_FALSE(slow.ended_well());
}

TEST_CASE("whoever opens all the connections shuts out nobody") {
  net::ServerOptions options;
  options.connections = 5;
  Echo world(options);
  std::vector<std::unique_ptr<Started>> hanging;
  const auto hang = [&]() -> awaitable<void> { co_await talk(world.server.port(), "GET / HT"); };
  for (int n = 0; n < 20; ++n) {
    hanging.push_back(std::make_unique<Started>(world.io, hang()));
    CHECK_THAT(world.told("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), EndsWith("/a"));
  }
  run_until(world.io, [&] {
    return std::count_if(hanging.begin(), hanging.end(), [](const auto& one) { return one->ended(); }) >= 15;
  });
  settle(world.io);
  CHECK_FALSE(hanging.back()->ended());
}

TEST_CASE("a connection that is being answered makes no room for others") {
  net::ServerOptions options;
  options.connections = 1;
  boost::asio::io_context io;
  net::Signal go_on(io.get_executor());
  bool is_asked = false;
  net::Server server(
      io.get_executor(), "127.0.0.1:0",
      [&](const HttpRequest&) -> awaitable<HttpResponse> {
        is_asked = true;
        co_await go_on.wait();
        HttpResponse response;
        co_return response;
      },
      options);
  std::string answer;
  const auto ask = [&]() -> awaitable<void> {
    answer = co_await talk(server.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  };
  Started asking(io, ask());
  run_until(io, [&] { return is_asked; });
  CHECK(run(io, talk(server.port(), "")).empty());
  go_on.notify();
  run_until(io, [&] { return asking.ended(); });
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("an address that cannot be listened on is an error that names it") {
  Echo world;
  const auto taken = fmt::format("127.0.0.1:{}", world.server.port());
  for (const auto& listen :
       {taken, std::string("127.0.0.1"), std::string("192.0.2.1:0"), std::string("127.0.0.1:http-no")}) {
    INFO(listen);
    CHECK_THROWS_AS(net::Server(world.io.get_executor(), listen, echo), net::Error);
    CHECK_THROWS_WITH(net::Server(world.io.get_executor(), listen, echo), Contains(listen));
  }
}
