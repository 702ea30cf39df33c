#pragma once
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <memory>

#include "net/stream.hpp"

namespace net {

/// A Stream as Beast's WebSocket wants to see it: one type, plain or under TLS, so that the protocol is
/// compiled once.
class WebSocketLayer {
 public:
  using executor_type = Executor;
  explicit WebSocketLayer(std::shared_ptr<Stream> stream) : stream_(std::move(stream)) {}
  [[nodiscard]] executor_type get_executor() { return stream_->executor(); }
  [[nodiscard]] Stream& stream() { return *stream_; }
  /// What is written from now on goes nowhere.
  void fall_silent() { is_silent_ = true; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [stream = stream_.get()](auto handler, const Buffers& into) {
          stream->start_reading(into, std::move(handler));
        },
        token, buffers);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          if (!is_silent_) return stream_->start_writing(from, std::move(handler));
          const auto size = boost::asio::buffer_size(from);
          boost::asio::post(get_executor(), [handler = std::move(handler), size]() mutable {
            handler(boost::system::error_code(), size);
          });
        },
        token, buffers);
  }

 private:
  std::shared_ptr<Stream> stream_;
  bool is_silent_ = false;
};

/// Beast's customization points: how a connection ends. The close frames are through by then, and Slack
/// leaves the TCP connection to us.
inline void beast_close_socket(WebSocketLayer& layer) { layer.stream().close(); }
inline void teardown(boost::beast::role_type, WebSocketLayer& layer, boost::system::error_code& failure) {
  failure = {};
  layer.stream().say_no_more();
}
template <class Handler>
void async_teardown(boost::beast::role_type, WebSocketLayer& layer, Handler&& handler) {
  layer.stream().say_no_more();
  boost::asio::post(layer.get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
    handler(boost::system::error_code());
  });
}

}  // namespace net
