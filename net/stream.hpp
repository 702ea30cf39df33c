#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/awaitable.hpp"

namespace net {

/// One TCP connection, plain or under TLS: the one type client and server both read from and write to,
/// so that the asynchronous machinery is compiled once. Failures are boost::system::system_error.
class Stream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  using tcp = boost::asio::ip::tcp;

  explicit Stream(const Executor& executor) : tcp_(executor) {}
  explicit Stream(tcp::socket socket);

  /// Holds for every later call until it is set again; beast::error::timeout when it has passed.
  void expires_at(Deadline deadline) { tcp_.expires_at(deadline); }
  awaitable<void> connect(std::vector<tcp::endpoint> addresses);
  /// Verifies the certificate and that it was made for `host`; throws Error with the reason.
  awaitable<void> be_tls_client(boost::asio::ssl::context& context, std::string host);
  awaitable<void> be_tls_server(boost::asio::ssl::context& context);

  /// 0 at the end of the stream.
  awaitable<std::size_t> read_some(boost::asio::mutable_buffer into);
  awaitable<void> write(std::string bytes);
  /// Says that nothing more will come, and reads away what the other side still sends until it closes:
  /// closing with unread bytes would reset the connection and take our last answer with it.
  awaitable<void> linger();
  void close() { tcp_.close(); }

  /// The end of what we send.
  void say_no_more();
  /// Closing it will be an RST.
  void reset_on_close();
  void expires_never() { tcp_.expires_never(); }
  [[nodiscard]] Executor executor() { return tcp_.get_executor(); }

  /// Asio's initiations, for net/web_socket_layer.hpp.
  template <class Buffers, class Handler>
  void start_reading(const Buffers& into, Handler&& handler) {
    if (tls_)
      tls_->async_read_some(into, std::forward<Handler>(handler));
    else
      tcp_.async_read_some(into, std::forward<Handler>(handler));
  }
  template <class Buffers, class Handler>
  void start_writing(const Buffers& from, Handler&& handler) {
    if (tls_)
      tls_->async_write_some(from, std::forward<Handler>(handler));
    else
      tcp_.async_write_some(from, std::forward<Handler>(handler));
  }

  /// Neither closed by the other side nor sent anything we did not ask for.
  [[nodiscard]] bool is_quiet();

 private:
  boost::beast::tcp_stream tcp_;
  std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> tls_;
};

}  // namespace net
