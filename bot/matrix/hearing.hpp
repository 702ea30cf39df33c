#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bot/matrix/event.hpp"

namespace bot::matrix {

/// Who we are in the rooms.
struct Self {
  std::string user;          ///< "@devbox:example.org"
  std::string display_name;  ///< "" = none
  std::string prefix;        ///< "!devbox"
};

/// A text that was meant for us, as the grammar takes it.
struct Heard {
  std::string text;     ///< mentions of us are taken off; never empty
  bool direct = false;  ///< no prefix needed: a direct room, or we were mentioned
};

/// nullopt: not for us. For us are: the prefix; our name, id or pill at the start; any mention of us before
/// whose words a verb of ours comes first ("status @devbox", and replies, which mention whom they answer);
/// anything in a direct room. A bare name with nothing but a space behind it ("devbox is slow") calls us only
/// when we are mentioned or a verb follows; the id or pill of another at the start calls the other.
std::optional<Heard> heard(const Text& text, const Self& self, bool is_direct_room);

}  // namespace bot::matrix
