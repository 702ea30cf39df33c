#pragma once
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace hetzner::simulator {

/// An answer other than 2xx, in the API's error envelope (https://docs.hetzner.cloud, Errors).
struct Refusal : std::runtime_error {
  Refusal(int http_status, std::string error_code, const std::string& message, nlohmann::json more = nullptr)
      : std::runtime_error(message),
        status(http_status),
        code(std::move(error_code)),
        details(std::move(more)) {}
  int status;
  std::string code;
  nlohmann::json details;
};

nlohmann::json error_body(const std::string& code, const std::string& message, const nlohmann::json& details);

/// 422 invalid_input that names the field.
Refusal invalid(const std::string& field, const std::string& message);
/// 409 uniqueness_error of a name, or of the field given.
Refusal not_unique(const std::string& what, const std::string& field = "name");
Refusal not_found(const std::string& what);
Refusal locked(const std::string& what);
Refusal is_protected(const std::string& what);

}  // namespace hetzner::simulator
