#pragma once
#include <memory>
#include <string>

#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "net/http.hpp"
#include "net/tally.hpp"
#include "net/url.hpp"

namespace net {

struct ClientOptions {
  std::string ca_file;  ///< PEM file trusted in place of the system's CAs; "" = the system's
  Duration idle = std::chrono::seconds(45);  ///< a kept connection older than this is not used again
  std::size_t body_limit = 16 * 1024 * 1024;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();  ///< several clients of one peer may share it
};

/// HTTP/1.1 client of one endpoint. Keeps connections alive; concurrent fetches use one connection
/// each. TLS ≥ 1.2, certificate and host name verified.
class Client {
 public:
  Client(Executor executor, Endpoint endpoint, ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends `request` (its target is appended to the endpoint's path; Host and Content-Length are set)
  /// and returns the whole answer, whatever its status. Throws NotSent or NoAnswer.
  awaitable<HttpResponse> fetch(const HttpRequest& request, Duration timeout);
  [[nodiscard]] const Endpoint& endpoint() const;
  [[nodiscard]] Tally& tally();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
