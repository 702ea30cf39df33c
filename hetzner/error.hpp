#pragma once
#include <stdexcept>
#include <string>

namespace hetzner {

/// The API said no. Key on `code` (https://docs.hetzner.cloud/#errors), not on the HTTP status.
struct ApiError : std::runtime_error {
  ApiError(int status, std::string code, const std::string& message, std::string detail = {});
  int status;
  std::string code;    ///< "uniqueness_error", "resource_unavailable", "locked", …
  std::string detail;  ///< the first field or limit named in error.details; may be empty
};

/// 412 at a create: nothing was made, another type or a later try may do.
bool has_no_room(const ApiError& error);

/// A changing request whose effect is unknown: time-out, cut connection, 500, 502, 503, 504. The
/// caller looks before it tries again.
struct OutcomeUnknown : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The service could not be reached or answered nothing usable, after all retries; nothing changed.
struct Unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An action ended with status "error".
struct ActionFailed : std::runtime_error {
  ActionFailed(std::string command, std::string code, const std::string& message);
  std::string command;
  std::string code;
};

}  // namespace hetzner
