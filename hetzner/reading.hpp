#pragma once
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hetzner/error.hpp"

/// Reads single fields of the API's objects. What may be missing or null has a default; what must be
/// there and is not (or is of another kind) throws Unavailable with a sentence that names the field.
namespace hetzner::reading {

using Json = nlohmann::json;

[[noreturn]] void unreadable(std::string_view key, std::string_view expected);

/// The value under `key`; nullptr when it is missing or null, or when `object` is no object.
const Json* find(const Json& object, std::string_view key);
const Json& required(const Json& object, std::string_view key);

std::int64_t required_integer(const Json& object, std::string_view key);
std::optional<std::int64_t> find_integer(const Json& object, std::string_view key);
std::optional<std::string> find_text(const Json& object, std::string_view key);
std::string required_text(const Json& object, std::string_view key);
std::string text(const Json& object, std::string_view key);     ///< "" when missing
double number(const Json& object, std::string_view key);        ///< 0 when missing
bool flag(const Json& object, std::string_view key);            ///< false when missing
std::map<std::string, std::string> labels(const Json& object);  ///< `{}`, PHP's `[]`, or nothing

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
/// RFC 3339: "2026-11-23T09:00:00Z", "…+00:00", with any fraction of a second; nullopt for anything else.
std::optional<Time> parse_time(std::string_view text);
std::optional<Time> find_time(const Json& object, std::string_view key);

/// The elements of the list under `key`; none when it is missing or null.
template <class T>
std::vector<T> list(const Json& object, std::string_view key) {
  const auto* found = find(object, key);
  if (!found) return {};
  if (!found->is_array()) unreadable(key, "a list");
  try {
    return found->get<std::vector<T>>();
  } catch (const Json::exception&) {
    unreadable(key, "a list of what belongs there");
  }
}

}  // namespace hetzner::reading
