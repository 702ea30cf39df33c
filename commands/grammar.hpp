#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "commands/request.hpp"

namespace commands {

/// What was said to us, without the prefix and with phone typing undone; nullopt = it is not for us. With
/// `direct` a line without the prefix is for us, too.
std::optional<std::string> addressed(std::string_view text, const std::string& prefix, bool direct);

/// verb [@person] [words] [key=value] [--flag] [--key=value] [for 3h|@person] [until …] [in 20m]. The verb
/// and keys come out lower-case, words as they were typed; words in quotes keep spaces and are only words.
/// Throws Error for what is no line of a person: not UTF-8, a NUL, unbalanced quotes, too long.
Request parse(std::string_view line);

}  // namespace commands
