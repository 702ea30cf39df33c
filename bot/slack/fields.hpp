#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace bot::slack {

/// Reading another's JSON without trust: what is not there and what has another type are the same.
const nlohmann::json* find(const nlohmann::json& object, const char* name);
const nlohmann::json* find_object(const nlohmann::json& object, const char* name);
std::string text_of(const nlohmann::json& object, const char* name);  ///< "" when there is none
bool is_true(const nlohmann::json& object, const char* name);

/// What a secret can be known by: 32 hex digits of its SHA-256.
std::string digest(const std::string& secret);

}  // namespace bot::slack
