#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace matrix::simulator {

/// What the API answers instead: a status and {"errcode", "error", …}.
struct Refusal : std::runtime_error {
  Refusal(int code, std::string name, const std::string& message)
      : std::runtime_error(message), status(code), errcode(std::move(name)) {}
  int status;
  std::string errcode;
  nlohmann::json more = nlohmann::json::object();  ///< further fields of the body
  std::optional<int> retry_after_s;                ///< the header
};

inline Refusal forbidden(const std::string& message) { return {403, "M_FORBIDDEN", message}; }
inline Refusal not_found(const std::string& message) { return {404, "M_NOT_FOUND", message}; }

}  // namespace matrix::simulator
