#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "net/http.hpp"

namespace net {

struct WebSocketOptions {
  std::string ca_file;  ///< PEM file trusted in place of the system's CAs; "" = the system's
  Duration handshake = std::chrono::seconds(10);  ///< from the look-up of the name to the upgrade
  /// Without a frame of any kind for so long the connection is dead and its TCP is aborted; at half of it we
  /// ping. Zero: never.
  Duration silence = std::chrono::seconds(30);
  std::size_t message_limit = 1024 * 1024;
};

/// One WebSocket (RFC 6455), either end. Pings are answered while somebody reads. What is sent is one frame a
/// message, in order. https://www.rfc-editor.org/rfc/rfc6455
class WebSocket {
 public:
  struct Message {
    std::string text;
    bool is_binary = false;
  };

  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  /// nullopt when it has ended, whoever ended it; `end` then says how. One reader at a time.
  awaitable<std::optional<Message>> read();
  /// Queues it and returns; what cannot be written ends the connection.
  void send(std::string text);
  void ping(std::string payload);
  /// Says goodbye and waits for the other side's at most this long; then the TCP connection is closed,
  /// whoever should have done it.
  awaitable<void> close(Duration at_most);
  /// Ends it without a goodbye; `reset`: with an RST.
  void abort(bool reset = false);

  /// For simulators: from now on nothing that we send gets away, pongs neither, and nothing tells us so.
  void fall_silent();

  [[nodiscard]] bool is_open() const;
  [[nodiscard]] const std::string& end() const;  ///< "closed: 1001 going away", "Connection reset by peer"
  [[nodiscard]] std::size_t queued() const;      ///< messages that were not written yet

  /// Dials "wss://host/path?query", or "ws://…". Throws NotSent when that did not come to a WebSocket.
  static awaitable<std::shared_ptr<WebSocket>> dial(Executor executor, std::string url,
                                                    WebSocketOptions options);
  struct State;
  explicit WebSocket(std::shared_ptr<State> state) : state_(std::move(state)) {}

 private:
  std::shared_ptr<State> state_;
};

class Stream;
/// The server's side, for server.cpp: answers the handshake that `request` is. Throws
/// boost::system::system_error.
awaitable<std::shared_ptr<WebSocket>> accept_web_socket(std::shared_ptr<Stream> stream,
                                                        const HttpRequest& request, WebSocketOptions options);

}  // namespace net
