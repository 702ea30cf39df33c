#include "net/client.hpp"

#include <fmt/format.h>

#include "net/error.hpp"
#include "net/server.hpp"
#include "net/signal.hpp"
#include "tests/catch.hpp"
#include "tests/net/raw_peer.hpp"
#include "tests/net/started.hpp"
#include "tests/run.hpp"

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using net::awaitable;
using net::HttpRequest;
using net::HttpResponse;

namespace {

HttpRequest ask(std::string method, std::string target, std::string body = "") {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.body = std::move(body);
  return request;
}

net::Endpoint on_port(std::uint16_t port) {
  return net::parse_endpoint(fmt::format("http://127.0.0.1:{}", port));
}

/// A peer's script: the same answer to every request, then the connection stays open.
RawPeer::Script always(std::string answer) {
  return [answer](Socket& socket) -> awaitable<void> {
    for (;;) {
      const auto request = co_await read_to(socket, "\r\n\r\n");
      if (request.empty()) co_return;
      co_await write(socket, answer);
    }
  };
}
/// The answer once, then the connection is closed.
RawPeer::Script once(std::string answer) {
  return [answer](Socket& socket) -> awaitable<void> {
    co_await read_to(socket, "\r\n\r\n");
    co_await write(socket, answer);
  };
}

const std::string two_bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

HttpResponse get(boost::asio::io_context& io, net::Client& client, net::Duration timeout = 10s) {
  return run(io, client.fetch(ask("GET", "/"), timeout));
}

/// What a client makes of a peer that sends `answer` and closes.
HttpResponse answered(const std::string& answer, const std::string& method = "GET") {
  boost::asio::io_context io;
  RawPeer peer(io, once(answer));
  net::Client client(io.get_executor(), on_port(peer.port()));
  return run(io, client.fetch(ask(method, "/"), 10s));
}

}  // namespace

TEST_CASE("what arrives is the request with its host, length and the endpoint's path") {
  boost::asio::io_context io;
  std::string arrived;
  RawPeer peer(io, [&](Socket& socket) -> awaitable<void> {
    arrived = co_await read_to(socket, "{}");
    co_await write(socket, two_bytes);
  });
  auto endpoint = on_port(peer.port());
  endpoint.path = "/v1";
  net::Client client(io.get_executor(), endpoint);
  auto request = ask("POST", "/servers?x=1", "{}");
  request.headers.emplace_back("Authorization", "Bearer secret");
  CHECK(run(io, client.fetch(request, 10s)).body == "ok");
  CHECK(arrived ==
        fmt::format("POST /v1/servers?x=1 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: devbox/0.1\r\n"
                    "Authorization: Bearer secret\r\nContent-Length: 2\r\n\r\n{{}}",
                    peer.port()));
  CHECK(client.endpoint().url() == endpoint.url());
}

TEST_CASE("requests one after the other share a connection") {
  boost::asio::io_context io;
  RawPeer peer(io, always(two_bytes));
  net::Client client(io.get_executor(), on_port(peer.port()));
  for (int i = 0; i < 5; ++i) CHECK(get(io, client).body == "ok");
  CHECK(peer.connections() == 1);
}

TEST_CASE("requests at the same time have a connection each") {
  boost::asio::io_context io;
  net::Signal all_here(io.get_executor());
  int here = 0;
  net::Server server(io.get_executor(), "127.0.0.1:0", [&](const HttpRequest&) -> awaitable<HttpResponse> {
    ++here;
    all_here.notify();
    while (here < 3) co_await all_here.wait();
    HttpResponse response;
    co_return response;
  });
  net::Client client(io.get_executor(), on_port(server.port()));
  int answers = 0;
  const auto fetch = [&]() -> awaitable<void> {
    const auto request = ask("GET", "/");
    const auto response = co_await client.fetch(request, 10s);
    if (response.status == 200) ++answers;
  };
  Started first(io, fetch()), second(io, fetch());
  run(io, fetch());
  run_until(io, [&] { return first.ended() && second.ended(); });
  CHECK(answers == 3);
}

TEST_CASE("nobody listening is NotSent and names the other side") {
  boost::asio::io_context io;
  std::uint16_t port = 0;
  { port = RawPeer(io, once("")).port(); }
  net::Client client(io.get_executor(), on_port(port));
  CHECK_THROWS_AS(get(io, client), net::NotSent);
  CHECK_THROWS_WITH(get(io, client), fmt::format("cannot reach 127.0.0.1:{}: Connection refused", port));
}

TEST_CASE("a name that does not resolve is NotSent") {
  boost::asio::io_context io;
  net::Endpoint endpoint;
  endpoint.host = std::string(70, 'a') + ".invalid";
  endpoint.port = 80;
  net::Client client(io.get_executor(), endpoint);
  CHECK_THROWS_AS(get(io, client, 5s), net::NotSent);
}

TEST_CASE("a connection cut, garbled or silent after the request is NoAnswer, and the next request works") {
  boost::asio::io_context io;
  net::Signal never(io.get_executor());
  net::Server server(io.get_executor(), "127.0.0.1:0",
                     [&](const HttpRequest& request) -> awaitable<HttpResponse> {
                       HttpResponse response;
                       response.body = "0123456789";
                       if (request.target == "/before") response.delivery = net::Delivery::cut_before;
                       if (request.target == "/half") response.delivery = net::Delivery::cut_half;
                       if (request.target == "/garbage") response.delivery = net::Delivery::garbage;
                       if (request.target == "/silent") co_await never.wait();
                       co_return response;
                     });
  net::Client client(io.get_executor(), on_port(server.port()));
  const std::pair<std::string, std::string> rows[] = {
      {"/before", "the connection was closed before the end of the answer"},
      {"/half", "the connection was closed before the end of the answer"},
      {"/garbage", "the answer is not HTTP"},
      {"/silent", "it took too long"},
  };
  for (const auto& [target, why] : rows) {
    INFO(target);
    CHECK(get(io, client).body == "0123456789");
    const auto request = ask("POST", target, "{}");
    CHECK_THROWS_AS(run(io, client.fetch(request, 500ms)), net::NoAnswer);
    CHECK_THROWS_WITH(run(io, client.fetch(request, 500ms)),
                      Contains(fmt::format("no answer from 127.0.0.1:{}: {}", server.port(), why)));
  }
  CHECK(get(io, client).body == "0123456789");
}

TEST_CASE("a kept connection that the other side closed is not used again") {
  boost::asio::io_context io;
  RawPeer peer(io, once(two_bytes));
  net::Client client(io.get_executor(), on_port(peer.port()));
  for (int i = 0; i < 3; ++i) {
    CHECK(get(io, client).body == "ok");
    settle(io);
  }
  CHECK(peer.connections() == 3);
}

TEST_CASE("a kept connection on which something came unasked is not used again") {
  boost::asio::io_context io;
  bool said = false;
  RawPeer peer(io, [&](Socket& socket) -> awaitable<void> {
    co_await read_to(socket, "\r\n\r\n");
    co_await write(socket, two_bytes);
    co_await boost::asio::post(socket.get_executor(), boost::asio::use_awaitable);
    co_await write(socket, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    said = true;
    co_await read_to(socket, "\r\n\r\n");
  });
  net::Client client(io.get_executor(), on_port(peer.port()));
  for (int i = 0; i < 2; ++i) {
    CHECK(get(io, client).status == 200);
    run_until(io, [&] { return said; });
    said = false;
  }
  CHECK(peer.connections() == 2);
}

TEST_CASE("a connection kept for too long is not used again") {
  boost::asio::io_context io;
  RawPeer peer(io, always(two_bytes));
  net::ClientOptions options;
  options.idle = -1ms;
  net::Client client(io.get_executor(), on_port(peer.port()), options);
  get(io, client);
  get(io, client);
  CHECK(peer.connections() == 2);
}

TEST_CASE("an answer may be chunked, end with the connection, follow an interim one or have no body") {
  const auto chunked =
      answered("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(chunked.status == 201);
  CHECK(chunked.body == "abcde");
  CHECK(answered("HTTP/1.1 200 OK\r\n\r\nuntil the end").body == "until the end");
  CHECK(answered("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + two_bytes).body == "ok");
  CHECK(answered("HTTP/1.1 204 No Content\r\n\r\n").status == 204);
  const auto head = answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\n", "HEAD");
  CHECK(head.body.empty());
  CHECK(net::find_header(head.headers, "x-a") == "b");
  CHECK(net::find_header(head.headers, "x-b") == std::nullopt);
  CHECK_THROWS_AS(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                  net::NoAnswer);
  CHECK_THROWS_AS(answered("HTTP/1.1 200 OK\r\nContent-Le"), net::NoAnswer);
}

TEST_CASE("an answer above the limit is NoAnswer") {
  boost::asio::io_context io;
  RawPeer peer(io, once("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890"));
  net::ClientOptions options;
  options.body_limit = 10;
  net::Client client(io.get_executor(), on_port(peer.port()), options);
  CHECK_THROWS_WITH(get(io, client), Contains("the answer is too large"));
  CHECK_THROWS_AS(get(io, client), net::NoAnswer);
}

TEST_CASE("a header or target with a line break is not sent") {
  boost::asio::io_context io;
  RawPeer peer(io, always(two_bytes));
  net::Client client(io.get_executor(), on_port(peer.port()));
  auto request = ask("GET", "/");
  request.headers.emplace_back("X-Name", "a\r\nX-Admin: yes");
  CHECK_THROWS_AS(run(io, client.fetch(request, 10s)), net::NotSent);
  CHECK_THROWS_AS(run(io, client.fetch(ask("GET", "/ HTTP/1.1\n"), 10s)), net::NotSent);
  CHECK(peer.connections() == 0);
}

TEST_CASE("a cancelled fetch throws operation_aborted and closes its connection") {
  boost::asio::io_context io;
  bool asked = false, closed = false;
  RawPeer peer(io, [&](Socket& socket) -> awaitable<void> {
    co_await read_to(socket, "\r\n\r\n");
    asked = true;
    const auto more = co_await read_to(socket, "\r\n\r\n");
    closed = more.empty();
  });
  net::Client client(io.get_executor(), on_port(peer.port()));
  const auto fetch = [&]() -> awaitable<void> {
    const auto request = ask("GET", "/");
    co_await client.fetch(request, 10s);
  };
  Started fetching(io, fetch());
  run_until(io, [&] { return asked; });
  fetching.cancel();
  run_until(io, [&] { return closed; });
  CHECK(fetching.was_aborted());
  CHECK(client.tally().requests.at({"GET", "cancelled"}) == 1);
}

TEST_CASE("requests are counted by method and by how they ended, and clients of one peer count together") {
  boost::asio::io_context io;
  RawPeer good(io, always(two_bytes)), busy(io, once("HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n\r\n"));
  RawPeer cut(io, once("HTTP/1.1 200 OK\r\nContent-Le"));
  net::Client first(io.get_executor(), on_port(good.port()));
  net::ClientOptions shared;
  shared.tally = std::make_shared<net::Tally>();
  net::Client second(io.get_executor(), on_port(busy.port()), shared);
  net::Client third(io.get_executor(), on_port(cut.port()), shared);
  net::Client nobody(io.get_executor(), on_port(1), shared);
  get(io, first);
  run(io, first.fetch(ask("PUT", "/"), 10s));
  get(io, first);
  get(io, second);
  CHECK_THROWS_AS(get(io, third), net::NoAnswer);
  CHECK_THROWS_AS(get(io, nobody), net::NotSent);
  using Counts = decltype(net::Tally::requests);
  CHECK(first.tally().requests == Counts{{{"GET", "2xx"}, 2}, {{"PUT", "2xx"}, 1}});
  CHECK(shared.tally->requests ==
        Counts{{{"GET", "4xx"}, 1}, {{"GET", "no_answer"}, 1}, {{"GET", "not_sent"}, 1}});
  CHECK(shared.tally->rate_limited == 1);
  CHECK(&third.tally() == shared.tally.get());
}

TEST_CASE("a fetch may outlive its client") {
  boost::asio::io_context io;
  RawPeer peer(io, always(two_bytes));
  auto client = std::make_unique<net::Client>(io.get_executor(), on_port(peer.port()));
  auto fetch = client->fetch(ask("GET", "/"), 10s);
  client.reset();
  CHECK(run(io, std::move(fetch)).body == "ok");
}
