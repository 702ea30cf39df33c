#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "hetzner/error.hpp"
#include "net/clock.hpp"
#include "net/http.hpp"

namespace hetzner {

/// What one try of a request came to. Errors are told apart by the code in the API's envelope
/// (https://docs.hetzner.cloud/#errors); gateways answer without one, then the HTTP status has to do.
struct Reply {
  enum class Kind {
    good,     ///< `body` is the answer
    refused,  ///< `error`, and asking again would change nothing
    again,    ///< nothing has happened, and it will pass: not connected, 429, 423 locked, 409 conflict
    unknown,  ///< it may have happened: time-out, cut connection, 5xx, an answer that is not JSON
  };
  Kind kind = Kind::good;
  nlohmann::json body;            ///< null for 204
  std::optional<ApiError> error;  ///< for refused, and for again when the API said so
  std::string why;                ///< for everything but good
  net::Duration wait{};           ///< Retry-After, at least this long
};

Reply reply_of(const net::HttpResponse& response);

}  // namespace hetzner
