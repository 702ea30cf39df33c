#include "bot/matrix/fields.hpp"

#include <algorithm>
#include <limits>

namespace bot::matrix {
namespace {

using nlohmann::json;

constexpr std::size_t longest_id = 255;
constexpr std::size_t longest_number = 20;
constexpr std::string_view letters_of_numbers = "0123456789+-.eE";

/// The 16 bits of "\uD83D" at the front of `text`; nullopt = no such escape.
std::optional<unsigned> escaped_unit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (const char digit : text.substr(2, 4)) {
    if (digit >= '0' && digit <= '9')
      unit = unit * 16 + static_cast<unsigned>(digit - '0');
    else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
      unit = unit * 16 + static_cast<unsigned>((digit | 0x20) - 'a' + 10);
    else
      return std::nullopt;
  }
  return unit;
}

bool is_first_half(std::optional<unsigned> unit) { return unit && *unit >= 0xD800 && *unit < 0xDC00; }
bool is_second_half(std::optional<unsigned> unit) { return unit && *unit >= 0xDC00 && *unit < 0xE000; }

/// Takes one escape of a string off the front of `body`.
void copy_escape(std::string_view& body, std::string& copy) {
  const auto unit = escaped_unit(body);
  std::size_t length = unit ? 6 : std::min<std::size_t>(body.size(), 2);
  const bool is_pair = is_first_half(unit) && is_second_half(escaped_unit(body.substr(6)));
  if (is_pair) length = 12;
  const bool is_half = !is_pair && (is_first_half(unit) || is_second_half(unit));
  copy += is_half ? "\\ufffd" : body.substr(0, length);
  body.remove_prefix(length);
}

void copy_string(std::string_view& body, std::string& copy) {
  copy += '"';
  body.remove_prefix(1);
  while (!body.empty() && body[0] != '"') {
    if (body[0] == '\\') {
      copy_escape(body, copy);
      continue;
    }
    const auto length = std::min(body.find_first_of("\\\""), body.size());
    copy += body.substr(0, length);
    body.remove_prefix(length);
  }
}

void copy_number(std::string_view& body, std::string& copy) {
  const auto number = body.substr(0, body.find_first_not_of(letters_of_numbers));
  const bool is_large = number.size() > longest_number || number.find_first_of("eE") != std::string::npos;
  copy += is_large ? "0" : number;
  body.remove_prefix(number.size());
}

}  // namespace

json* find(json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

json* find_object(json& object, std::string_view name) {
  auto* found = find(object, name);
  return found && found->is_object() ? found : nullptr;
}

json* find_array(json& object, std::string_view name) {
  auto* found = find(object, name);
  return found && found->is_array() ? found : nullptr;
}

std::string* find_text(json& object, std::string_view name) {
  auto* found = find(object, name);
  return found ? found->get_ptr<std::string*>() : nullptr;
}

std::string take_text(json& object, std::string_view name) {
  auto* text = find_text(object, name);
  return text ? std::move(*text) : "";
}

bool is_true(json& object, std::string_view name) {
  const auto* found = find(object, name);
  return found && found->is_boolean() && found->get<bool>();
}

std::optional<std::int64_t> find_number(json& object, std::string_view name) {
  const auto* found = find(object, name);
  if (!found || !found->is_number_integer()) return std::nullopt;
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > largest) return std::nullopt;
  return found->get<std::int64_t>();
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id && std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
  });
}

std::string with_stand_ins(std::string_view body) {
  std::string copy;
  copy.reserve(body.size());
  while (!body.empty()) {
    const char first = body[0];
    if ((first >= '0' && first <= '9') || first == '-') {
      copy_number(body, copy);
      continue;
    }
    if (first == '"') copy_string(body, copy);
    if (body.empty()) break;
    copy += body[0];
    body.remove_prefix(1);
  }
  return copy;
}

}  // namespace bot::matrix
