#pragma once
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace bot {

/// No process answers at a control socket.
struct NobodyThere : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Asks the process that listens at `socket` (Control) something, as {"do":…}, from outside of it: blocks
/// until it answered. Throws NobodyThere, also when `patience` ends, and std::runtime_error with the
/// process's own sentence when it refused.
nlohmann::json ask_control(const std::string& socket, const nlohmann::json& request,
                           std::chrono::seconds patience);

}  // namespace bot
