#pragma once
#include <optional>
#include <string_view>

#include "net/http.hpp"

namespace net {

/// The HTTP/1.1 request at the front of the bytes, read with the server's parser and limits, for whoever has
/// them from elsewhere than a socket; nullopt when it has no end or is none.
std::optional<HttpRequest> find_request(std::string_view bytes, std::size_t body_limit = 1024 * 1024);

}  // namespace net
