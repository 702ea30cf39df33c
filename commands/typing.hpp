#pragma once
#include <string>
#include <string_view>

namespace commands {

/// Phone typing undone, for the first line that holds anything: smart quotes are straight, every kind of
/// space is a space, "—plan" is "--plan" and "9–18" is "9-18", chat auto-links are their text
/// (`<http://x|x>`, `[x](http://x)`; a link to a person is the @person), back-ticks outside quotes, invisible
/// characters and the line's trailing punctuation are gone. Bytes that are not UTF-8 stay as they are.
std::string plain_typing(std::string_view text);

}  // namespace commands
