#include "commands/table.hpp"

#include <set>
#include <sstream>

#include "tests/catch.hpp"

using namespace commands;

TEST_CASE("no word leads to two commands, and none is read in another case") {
  std::set<std::string_view> words;
  for (const auto& command : table)
    for (const auto word : {command.verb, command.alias, command.second_alias}) {
      CAPTURE(word);
      CHECK((word.empty() || words.insert(word).second));
    }
  CHECK(find_command("UP") == nullptr);
}

TEST_CASE("a command's usage names every option that it knows, and its example is one of it") {
  for (const auto& command : table) {
    CAPTURE(command.verb);
    CHECK(command.example.starts_with(command.verb));
    CHECK_FALSE(command.does.empty());
    std::istringstream options{std::string(command.options)};
    for (std::string option; options >> option;) {
      const bool is_word = option == "in" || option == "for" || option == "until";
      const auto written =
          option.starts_with("--") || option.starts_with('@') || is_word ? option : option + "=";
      const auto at = command.usage.find(written);
      REQUIRE(at != std::string_view::npos);
      if (is_word) {
        CHECK((command.usage[at - 1] == '[' || command.usage[at - 1] == '|'));
        CHECK(command.usage[at + written.size()] == ' ');
      }
    }
  }
}
