#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace commands {

/// Text somebody else wrote, made fit to be shown: valid UTF-8, without control characters (newline and
/// tab stay), terminal escapes or characters that turn the writing direction.
std::string printable(std::string_view text);

/// At most `bytes` bytes of valid UTF-8 text, cut between characters; "…" (within the limit) marks a cut.
std::string cut(std::string_view text, std::size_t bytes);

/// "make, ninja".
std::string joined(const std::vector<std::string>& all);

}  // namespace commands
