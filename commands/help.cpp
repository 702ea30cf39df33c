#include "commands/table.hpp"

namespace commands {

Begin help(Services& world, const Caller& caller, const Request& ask) {
  if (!ask.words.empty()) {
    const auto* command = find_command(ask.words.front());
    if (!command) throw Error("There is no command \"" + ask.words.front() + "\". `help` lists them.");
    std::string text = std::string(command->usage) + "\n  " + std::string(command->does) + "; for example `" +
                       world.settings.prefix + " " + std::string(command->example) + "`";
    if (!command->alias.empty()) text += "\n  the same: " + std::string(command->alias);
    if (!command->second_alias.empty()) text += ", " + std::string(command->second_alias);
    return text;
  }
  std::string text;
  for (const auto& command : table) {
    if (caller.role < command.tier) continue;
    text += (text.empty() ? "" : "\n") + std::string(command.usage) + " — " + std::string(command.does);
  }
  return text + "\nFor example: " + world.settings.prefix + " up cpx32";
}

}  // namespace commands
