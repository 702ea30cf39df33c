#include "net/web_socket.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/error.hpp"
#include "net/server.hpp"
#include "tests/catch.hpp"
#include "tests/net/started.hpp"
#include "tests/run.hpp"
#include "tests/temp_dir.hpp"
#include "tests/throwaway_ca.hpp"

using namespace net;
using namespace std::chrono_literals;

namespace {

using SharedSocket = std::shared_ptr<WebSocket>;

/// A server that repeats what it hears at /echo, answers 503 at /busy, and is silent at /hole.
struct Echo {
  explicit Echo(boost::asio::io_context& io, const ServerOptions& options = {})
      : server(
            io.get_executor(), "127.0.0.1:0", [this](const auto& request) { return answer(request); },
            options) {}
  awaitable<HttpResponse> answer(HttpRequest request) {
    HttpResponse response;
    if (request.target == "/busy") response.status = 503;
    if (request.target == "/echo")
      response.upgrade = [this](SharedSocket socket) { return repeat(std::move(socket)); };
    if (request.target == "/hole")
      response.upgrade = [this](SharedSocket socket) { return hear_nothing(std::move(socket)); };
    co_return response;
  }
  awaitable<void> repeat(SharedSocket socket) {
    peer = socket;
    for (;;) {
      auto message = co_await socket->read();
      if (!message) co_return;
      socket->send(std::move(message->text));
    }
  }
  awaitable<void> hear_nothing(SharedSocket socket) {
    peer = socket;
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer for_ever(executor, std::chrono::hours(1));
    co_await for_ever.async_wait(boost::asio::use_awaitable);
  }
  [[nodiscard]] std::string url(const std::string& target, const std::string& scheme = "ws") const {
    return scheme + "://127.0.0.1:" + std::to_string(server.port()) + target;
  }
  SharedSocket peer;
  Server server;
};

std::string said_by(const std::optional<WebSocket::Message>& message) {
  return message ? message->text : "(end)";
}

}  // namespace

TEST_CASE("a WebSocket carries whole messages both ways, in order") {
  boost::asio::io_context io(1);
  const Echo echo(io);
  const auto socket = run(io, WebSocket::dial(io.get_executor(), echo.url("/echo"), {}));
  const std::string large(100'000, 'x');
  for (const auto& text : {std::string("one"), large, std::string("two"), std::string()}) socket->send(text);
  CHECK(said_by(run(io, socket->read())) == "one");
  CHECK(said_by(run(io, socket->read())) == large);
  CHECK(said_by(run(io, socket->read())) == "two");
  CHECK(said_by(run(io, socket->read())).empty());
}

TEST_CASE("a WebSocket under TLS verifies who it talks to") {
  const TempDir directory;
  ThrowawayCa ca(directory);
  const auto identity = ca.issue("IP:127.0.0.1");
  boost::asio::io_context io(1);
  ServerOptions served;
  served.certificate_file = identity.certificate_file;
  served.private_key_file = identity.private_key_file;
  const Echo echo(io, served);
  WebSocketOptions options;
  options.ca_file = ca.file();
  const auto socket = run(io, WebSocket::dial(io.get_executor(), echo.url("/echo", "wss"), options));
  socket->send("hello");
  CHECK(said_by(run(io, socket->read())) == "hello");
  CHECK_THROWS_AS(run(io, WebSocket::dial(io.get_executor(), echo.url("/echo", "wss"), {})), NotSent);
}

TEST_CASE("a handshake that is refused or not answered is told with its reason") {
  boost::asio::io_context io(1);
  const Echo echo(io);
  CHECK_THROWS_WITH(run(io, WebSocket::dial(io.get_executor(), echo.url("/busy"), {})),
                    "no WebSocket with 127.0.0.1:" + std::to_string(echo.server.port()) +
                        ": it answered 503 to the handshake");
  CHECK_THROWS_AS(run(io, WebSocket::dial(io.get_executor(), "ws://127.0.0.1:1/", {})), NotSent);
  CHECK_THROWS_AS(run(io, WebSocket::dial(io.get_executor(), "gopher://x", {})), Error);
}

TEST_CASE("either end may close a WebSocket, and both learn of it") {
  boost::asio::io_context io(1);
  const Echo echo(io);
  const auto socket = run(io, WebSocket::dial(io.get_executor(), echo.url("/echo"), {}));
  run(io, socket->close(1s));
  CHECK(socket->end() == "we closed it");
  run_until(io, [&] { return !echo.peer->is_open(); });
  CHECK(echo.peer->end().starts_with("closed: 1001"));
}

TEST_CASE("who never answers a goodbye is left after a while") {
  boost::asio::io_context io(1);
  const Echo echo(io);
  const auto socket = run(io, WebSocket::dial(io.get_executor(), echo.url("/hole"), {}));
  run(io, socket->close(20ms));
  CHECK(socket->end() == "we closed it, and no answer came");
}

TEST_CASE("a reset ends the reading at once") {
  boost::asio::io_context io(1);
  const Echo echo(io);
  const auto socket = run(io, WebSocket::dial(io.get_executor(), echo.url("/hole"), {}));
  run_until(io, [&] { return echo.peer != nullptr; });
  echo.peer->abort(true);
  CHECK_FALSE(run(io, socket->read()));
  CHECK(socket->end() == "Connection reset by peer");
}

TEST_CASE("silence is death, and pings keep a quiet WebSocket alive") {
  boost::asio::io_context io(1);
  const Echo echo(io);
  WebSocketOptions options;
  options.silence = 200ms;
  const auto deaf = run(io, WebSocket::dial(io.get_executor(), echo.url("/hole"), options));
  CHECK_FALSE(run(io, deaf->read()));
  CHECK(deaf->end() == "nothing was heard of it for too long");
  const auto quiet = run(io, WebSocket::dial(io.get_executor(), echo.url("/echo"), options));
  boost::asio::steady_timer later(io, 700ms);
  later.async_wait([&](const auto&) { echo.peer->send("still here"); });
  CHECK(said_by(run(io, quiet->read())) == "still here");
}
