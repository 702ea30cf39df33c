#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "commands/request.hpp"

namespace commands {

/// What was said to us, as plain typing without the prefix or mention: "!devbox up", "/devbox up",
/// "@devbox up", "@devbox:hs up", "devbox: up"; "help" when nothing follows. nullopt = not for us. `direct`:
/// a bare line is for us, too.
std::optional<std::string> addressed(std::string_view text, const std::string& prefix, bool direct);

/// verb [@person] [words] [key=value] [--flag] [--key=value] [for 3h|@person] [until [tomorrow] 9] [in 20m],
/// as `addressed` returns it. What stands in quotes is a word as it is; only the verb, the flags and the keys
/// of options are lower-cased. An empty line has no verb. Throws Error: more than 4 KiB or 64 words, no UTF-8
/// or NUL, unbalanced quotes, an empty key, something said twice or half.
Request parse(std::string_view line);

/// What was said for key=…, else `otherwise`.
std::string option_or(const Request& ask, const std::string& key, const std::string& otherwise);

}  // namespace commands
