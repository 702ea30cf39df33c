#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace bot::matrix {

/// The types of timeline events that may matter to us.
const nlohmann::json& event_types();
/// What a sync is to bring, `self` being us (https://spec.matrix.org/latest/client-server-api/#filtering).
nlohmann::json sync_filter(const std::string& self);

}  // namespace bot::matrix
