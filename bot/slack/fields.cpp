#include "bot/slack/fields.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>

namespace bot::slack {

using nlohmann::json;

const json* find(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

const json* find_object(const json& object, const char* name) {
  const auto* found = find(object, name);
  return found && found->is_object() ? found : nullptr;
}

std::string text_of(const json& object, const char* name) {
  const auto* found = find(object, name);
  return found && found->is_string() ? found->get<std::string>() : "";
}

bool is_true(const json& object, const char* name) {
  const auto* found = find(object, name);
  return found && found->is_boolean() && found->get<bool>();
}

std::string digest(const std::string& secret) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), bytes.data());
  std::string hex;
  for (std::size_t i = 0; i < 16; ++i) hex += fmt::format("{:02x}", bytes[i]);
  return hex;
}

}  // namespace bot::slack
