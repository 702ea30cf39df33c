#include "hetzner/simulator/call.hpp"

#include <algorithm>
#include <cstring>

#include "hetzner/simulator/labels.hpp"

namespace hetzner::simulator {

using nlohmann::json;

std::optional<std::string> Call::find(const std::string& key) const {
  for (const auto& [name, value] : query)
    if (name == key) return value;
  return std::nullopt;
}

std::vector<std::string> Call::all(const std::string& key) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : query)
    if (name == key) values.push_back(value);
  return values;
}

void Call::only(std::initializer_list<const char*> keys) const {
  for (auto each = body.begin(); each != body.end(); ++each) {
    const auto& key = each.key();
    const auto known = [&](const char* name) { return key == name; };
    if (std::any_of(keys.begin(), keys.end(), known)) continue;
    json fields = json::array();
    fields.push_back({{"name", key}, {"messages", json::array({"unknown field"})}});
    throw Refusal(422, "invalid_input", "invalid input: unknown field name '" + key + "'",
                  {{"fields", fields}});
  }
}

const json* Call::field(const std::string& name) const {
  const auto found = body.find(name);
  return found == body.end() || found->is_null() ? nullptr : &*found;
}

const json& Call::needed(const std::string& name) const {
  const auto* value = field(name);
  if (!value) throw invalid(name, "missing data for required field");
  return *value;
}

std::string Call::text(const std::string& name) const {
  const auto& value = needed(name);
  if (!value.is_string()) throw invalid(name, "must be a string");
  return value.get<std::string>();
}

std::optional<std::string> Call::find_text(const std::string& name) const {
  if (!field(name)) return std::nullopt;
  return text(name);
}

Id Call::integer(const std::string& name) const {
  const auto& value = needed(name);
  if (!value.is_number_integer()) throw invalid(name, "must be an integer");
  return value.get<Id>();
}

bool Call::flag(const std::string& name, bool otherwise) const {
  const auto* value = field(name);
  if (!value) return otherwise;
  if (!value->is_boolean()) throw invalid(name, "must be true or false");
  return value->get<bool>();
}

json Call::list(const std::string& name) const {
  const auto* value = field(name);
  if (!value) return json::array();
  if (!value->is_array()) throw invalid(name, "must be an array");
  return *value;
}

json Call::needed_list(const std::string& name) const {
  if (!needed(name).is_array()) throw invalid(name, "must be an array");
  return list(name);
}

Labels Call::labels() const {
  const auto* value = field("labels");
  return value ? labels_from(*value) : Labels{};
}

json member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? json() : *found;
}

const json& Call::location() const {
  const auto* found = world.catalogue.find_location(needed("location"));
  if (!found) throw invalid("location", "location not found");
  return *found;
}

}  // namespace hetzner::simulator
