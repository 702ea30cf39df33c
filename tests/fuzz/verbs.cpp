#include <algorithm>

#include "commands/table.hpp"

/// Stands in for commands/table.cpp where libFuzzer looks: the words of the table without what they do, which
/// would be the whole program.
const commands::Command* commands::find_command(std::string_view word) {
  static constexpr std::array verbs = {"up", "down", "status", "ls", "yes", "no", "help"};
  static constexpr Command known{.access = Access(Role::member, Effect::reads, Reach::none)};
  const bool is_verb =
      std::any_of(verbs.begin(), verbs.end(), [&](const char* verb) { return word == verb; });
  return is_verb ? &known : nullptr;
}
