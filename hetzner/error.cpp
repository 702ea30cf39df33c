#include "hetzner/error.hpp"

namespace hetzner {
namespace {

/// "server name is already used (uniqueness_error: name)"; the API's message may be null.
std::string sentence(const std::string& message, const std::string& code, const std::string& detail) {
  const auto reason = detail.empty() ? code : code + ": " + detail;
  if (message.empty()) return reason;
  return message + " (" + reason + ")";
}

}  // namespace

ApiError::ApiError(int status_, std::string code_, const std::string& message, std::string detail_)
    : std::runtime_error("Hetzner refused: " + sentence(message, code_, detail_)),
      status(status_),
      code(std::move(code_)),
      detail(std::move(detail_)) {}

bool has_no_room(const ApiError& error) {
  return error.code == "resource_unavailable" || error.code == "placement_error";
}

ActionFailed::ActionFailed(std::string command_, std::string code_, const std::string& message)
    : std::runtime_error("Hetzner's action " + command_ + " failed: " + sentence(message, code_, "")),
      command(std::move(command_)),
      code(std::move(code_)) {}

}  // namespace hetzner
