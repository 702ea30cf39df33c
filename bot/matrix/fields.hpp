#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace bot::matrix {

/// Reading another's JSON without trust: what is not there and what has another type are the same, nullptr.
nlohmann::json* find(nlohmann::json& object, std::string_view name);
nlohmann::json* find_object(nlohmann::json& object, std::string_view name);
nlohmann::json* find_array(nlohmann::json& object, std::string_view name);
/// The string itself, to be moved away.
std::string* find_text(nlohmann::json& object, std::string_view name);
/// Moved out; "" when there is none.
std::string take_text(nlohmann::json& object, std::string_view name);
bool is_true(nlohmann::json& object, std::string_view name);
/// A whole number that fits.
std::optional<std::int64_t> find_number(nlohmann::json& object, std::string_view name);

/// Ids have no grammar that holds in all room versions, but a limit, and nothing in them that is not shown.
/// https://spec.matrix.org/latest/appendices/#common-identifier-format
bool is_id(std::string_view text);

/// What a homeserver may well relay and the JSON library refuses, for the whole answer, has a stand-in here:
/// numbers too large for it (no event needs them) are 0 and halves of surrogate pairs U+FFFD. One event of an
/// old room version could else keep every later message from us.
std::string with_stand_ins(std::string_view body);

}  // namespace bot::matrix
