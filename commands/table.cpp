#include "commands/table.hpp"

#include <algorithm>
#include <vector>

#include "commands/grammar.hpp"
#include "commands/nearest.hpp"
#include "commands/permission.hpp"

namespace commands {
namespace {

/// What is longer is no slip of a verb, and may be a line of something that nobody shall see again.
constexpr std::size_t longest_echo = 24;

bool knows(const Command& command, const std::string& option) {
  const auto padded = " " + std::string(command.options) + " ";
  return padded.find(" " + option + " ") != std::string::npos;
}

void check_options(const Command& command, const Request& ask) {
  const auto refuse = [&](const std::string& what) {
    throw Error("`" + std::string(command.verb) + "` does not know " + what +
                ". It is written: " + std::string(command.usage) + ". Nothing was done.");
  };
  for (const auto& [key, value] : ask.options)
    if (!knows(command, key)) refuse("\"" + key + "\"");
  for (const auto& flag : ask.flags)
    if (!knows(command, "--" + flag)) refuse("--" + flag);
  if (!ask.person.empty() && !takes_person(command)) refuse("other people's workspaces");
}

}  // namespace

const Command* find_command(std::string_view word) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Command& command) {
    return word == command.verb || (!word.empty() && (word == command.alias || word == command.second_alias));
  });
  return found == table.end() ? nullptr : &*found;
}

Asked understand(Services& world, const Caller& caller, const std::string& line) {
  Asked asked;
  asked.request = parse(line);
  asked.command = find_command(asked.request.verb);
  if (!asked.command) {
    std::vector<std::string_view> verbs;
    for (const auto& command : table) verbs.push_back(command.verb);
    const auto near = nearest(asked.request.verb, verbs);
    throw Error((asked.request.verb.size() > longest_echo
                     ? "There is no such command."
                     : "There is no command \"" + asked.request.verb + "\".") +
                (near ? " Did you mean `" + *near + "`?" : "") + " " + world.settings.prefix +
                " help lists them. Nothing was done.");
  }
  if (const auto why = why_not(world, caller, *asked.command); !why.empty()) throw NotAllowed(why);
  check_pressed(world, caller);
  asked.request.verb = asked.command->verb;
  check_options(*asked.command, asked.request);
  return asked;
}

}  // namespace commands
