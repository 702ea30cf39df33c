#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/awaitable.hpp"
#include "net/clock.hpp"

namespace net {

class WebSocket;
using Headers = std::vector<std::pair<std::string, std::string>>;
/// Header names compare case-insensitively; the first match wins.
std::optional<std::string> find_header(const Headers& headers, std::string_view name);

struct HttpRequest {
  std::string method;  ///< "GET"
  std::string target;  ///< origin form: "/v1/servers?page=2"
  Headers headers;
  std::string body;
};

/// What a server does with a response; all but the first are how simulators play a broken network.
enum class Delivery { whole, cut_before, cut_half, garbage, drip };

struct HttpResponse {
  int status = 200;
  Headers headers;  ///< Content-Length, Connection and Date are set by net
  std::string body;
  Delivery delivery = Delivery::whole;
  Duration pause{};  ///< of a drip, before each byte
  /// Server side: called after the last byte was handed to the kernel, before a cut connection is closed.
  std::function<void()> sent;
  /// Server side: the connection becomes a WebSocket, and this talks on it; nothing else of the response is
  /// sent. It ends with the coroutine.
  std::function<awaitable<void>(std::shared_ptr<WebSocket>)> upgrade;
};

}  // namespace net
