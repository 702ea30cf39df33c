#include "hetzner/simulator/refusal.hpp"

namespace hetzner::simulator {

using nlohmann::json;

json error_body(const std::string& code, const std::string& message, const json& details) {
  return {{"error", {{"code", code}, {"message", message}, {"details", details}}}};
}

Refusal invalid(const std::string& field, const std::string& message) {
  json fields = json::array();
  fields.push_back({{"name", field}, {"messages", json::array({message})}});
  return {422, "invalid_input", "invalid input in field '" + field + "': " + message, {{"fields", fields}}};
}

Refusal not_unique(const std::string& what, const std::string& field) {
  json fields = json::array();
  fields.push_back({{"name", field}});
  return {409, "uniqueness_error", what + " is already used", {{"fields", fields}}};
}

Refusal not_found(const std::string& what) { return {404, "not_found", what + " not found"}; }

Refusal locked(const std::string& what) {
  return {423, "locked", "cannot perform operation because " + what + " is locked"};
}

Refusal is_protected(const std::string& what) {
  return {423, "protected", what + " is protected from deletion"};
}

}  // namespace hetzner::simulator
