#pragma once
#include <string>
#include <variant>

#include "commands/quiet.hpp"
#include "commands/table.hpp"
#include "tests/commands/alone.hpp"

namespace commands::test {

/// What a member is answered to a line, at once.
inline std::string answer_to(Alone& alone, const std::string& line, const std::string& who = "alice") {
  Caller caller;
  caller.person = alone.storage.people.ensure("console", who);
  caller.role = Role::member;
  caller.message.chat = "console";
  caller.message.room = "#dev";
  try {
    const auto asked = understand(alone.world, caller, line);
    return std::get<std::string>(asked.command->begin(alone.world, caller, asked.request));
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace commands::test
