#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace commands {

/// One code point of UTF-8 text and the bytes it takes; length 0 = these bytes are not UTF-8.
struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;
};

/// The character at the front of `text`, which is not empty. Overlong forms and surrogates are not UTF-8.
Character first_character(std::string_view text);
bool is_utf8_continuation(char byte);
bool is_utf8(std::string_view text);
/// ASCII letters only: verbs, keys and names at Hetzner know no others.
char lower(char letter);
std::string lower(std::string_view text);

}  // namespace commands
