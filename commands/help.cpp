#include <utility>

#include "commands/permission.hpp"

namespace commands {
namespace {

constexpr std::array topics = {
    std::pair{Topic::run, "up and down"},    std::pair{Topic::end, "when it stops"},
    std::pair{Topic::access, "get in"},      std::pair{Topic::market, "what there is, and what it costs"},
    std::pair{Topic::team, "with others"},   std::pair{Topic::answer, "answer and ask"},
    std::pair{Topic::project, "the project"}};

/// An example of each command of the topic that this person may run here.
std::string examples(Services& world, const Caller& caller, Topic topic) {
  std::string list;
  for (const auto& command : table)
    if (command.topic == topic && why_not(world, caller, command).empty())
      list += (list.empty() ? "" : " · ") + std::string(command.example);
  return list;
}

std::string about(const Services& world, const Command& command) {
  auto text = std::string(command.usage) + "\n  " + std::string(command.does) + "; for example `" +
              world.settings.prefix + " " + std::string(command.example) + "`";
  if (!command.alias.empty()) text += "\n  the same: " + std::string(command.alias);
  if (!command.second_alias.empty()) text += ", " + std::string(command.second_alias);
  return text;
}

}  // namespace

Begin help(Services& world, const Caller& caller, const Request& ask) {
  if (!ask.words.empty()) {
    const auto* command = find_command(ask.words.front());
    if (!command) throw Error("There is no command \"" + ask.words.front() + "\". `help` lists them.");
    const auto why = why_not(world, caller, *command);
    return about(world, *command) + (why.empty() ? "" : "\n  not now: " + why);
  }
  std::string text = "An example of each; " + world.settings.prefix + " help VERB says more.";
  for (const auto& [topic, title] : topics) {
    const auto list = examples(world, caller, topic);
    if (!list.empty()) text += "\n" + std::string(title) + ": " + list;
  }
  return text;
}

}  // namespace commands
