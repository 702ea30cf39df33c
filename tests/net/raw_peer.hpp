#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net/awaitable.hpp"

/// One side of a connection byte by byte, for what net's own server and client would never send.
using Socket = boost::asio::ip::tcp::socket;

/// Up to and including the first `end`; "" when the other side closed before it.
inline net::awaitable<std::string> read_to(Socket& socket, std::string end) {
  std::string bytes;
  boost::system::error_code failure;
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, failure);
  auto buffer = boost::asio::dynamic_buffer(bytes);
  const auto size = co_await boost::asio::async_read_until(socket, buffer, end, token);
  bytes.resize(failure ? 0 : size);
  co_return bytes;
}

inline net::awaitable<void> write(Socket& socket, std::string bytes) {
  const auto buffer = boost::asio::buffer(std::as_const(bytes));
  co_await boost::asio::async_write(socket, buffer, boost::asio::use_awaitable);
}

/// Listens on 127.0.0.1 and plays `script` on each connection, which is closed at its end.
class RawPeer {
 public:
  using Script = std::function<net::awaitable<void>(Socket&)>;
  RawPeer(boost::asio::io_context& io, Script script)
      : state_(std::make_shared<State>(io, std::move(script))) {
    boost::asio::co_spawn(io, accept(state_), boost::asio::detached);
  }
  ~RawPeer() { state_->acceptor.close(); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return state_->acceptor.local_endpoint().port(); }
  [[nodiscard]] int connections() const { return state_->connections; }

 private:
  struct State {
    State(boost::asio::io_context& io, Script script_)
        : acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}), script(std::move(script_)) {}
    boost::asio::ip::tcp::acceptor acceptor;
    Script script;
    int connections = 0;
  };
  static net::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      auto socket = co_await state->acceptor.async_accept(boost::asio::use_awaitable);
      ++state->connections;
      boost::asio::co_spawn(state->acceptor.get_executor(), play(state, std::move(socket)),
                            boost::asio::detached);
    }
  }
  static net::awaitable<void> play(std::shared_ptr<State> state, Socket socket) {
    co_await state->script(socket);
  }

  std::shared_ptr<State> state_;
};

/// Connects, sends `bytes` and returns all that comes until the other side closes.
inline net::awaitable<std::string> talk(std::uint16_t port, std::string bytes) {
  auto executor = co_await boost::asio::this_coro::executor;
  Socket socket(executor);
  const boost::asio::ip::tcp::endpoint peer(boost::asio::ip::address_v4::loopback(), port);
  co_await socket.async_connect(peer, boost::asio::use_awaitable);
  co_await write(socket, bytes);
  std::string answer;
  boost::system::error_code failure;
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, failure);
  auto buffer = boost::asio::dynamic_buffer(answer);
  while (!failure) co_await boost::asio::async_read_until(socket, buffer, '\0', token);
  co_return answer;
}
