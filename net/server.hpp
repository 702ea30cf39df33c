#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "net/http.hpp"

namespace net {

struct ServerOptions {
  std::string certificate_file;  ///< PEM chain; with private_key_file: HTTPS
  std::string private_key_file;
  std::size_t body_limit = 1024 * 1024;  ///< larger bodies are answered 413
  Duration idle = std::chrono::seconds(75);
  std::size_t connections = 1024;  ///< further ones are closed at once
};

/// HTTP/1.1 server with keep-alive. One write a response, TCP_NODELAY. A handler that throws is
/// answered 500 and logged; a request that is not HTTP is answered 400 and the connection closed.
class Server {
 public:
  using Handler = std::function<awaitable<HttpResponse>(const HttpRequest&)>;
  /// Listens at once on "127.0.0.1:8080" (port 0 = any); throws Error when it cannot.
  Server(Executor executor, const std::string& listen, Handler handler, ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Closes the listener and every connection.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
