#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "tests/faults/stage.hpp"

namespace faults {

/// All servers, with their machines.
nlohmann::json servers_of(Stage& stage);
/// What somebody outside does to one: "delete", "power off", "rename". False when it could not be done, as
/// while an action locks it.
bool do_outside(const std::string& act, Stage& stage, const nlohmann::json& server);

}  // namespace faults
