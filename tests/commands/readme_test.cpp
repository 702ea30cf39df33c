#include <fstream>
#include <sstream>

#include "commands/table.hpp"
#include "tests/catch.hpp"

using namespace commands;

namespace {

std::string readme() {
  std::ifstream in(std::string(DEVBOX_SOURCE_DIR) + "/README.md");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

std::string aliases(const Command& command) {
  if (command.alias.empty()) return "";
  const auto second = command.second_alias.empty() ? "" : ", " + std::string(command.second_alias);
  return " (" + std::string(command.alias) + second + ")";
}

std::string rows() {
  std::string text = "| command | does | for example |\n|---|---|---|\n";
  for (const auto& command : table)
    text += "| `" + cell(command.usage) + "`" + aliases(command) + " | " + cell(command.does) + " | `" +
            cell(command.example) + "` |\n";
  return text;
}

}  // namespace

TEST_CASE("the README lists the commands of the table") {
  const auto text = readme();
  const std::string begin = "<!-- commands -->\n", end = "<!-- /commands -->";
  const auto from = text.find(begin);
  REQUIRE(from != std::string::npos);
  const auto to = text.find(end, from);
  REQUIRE(to != std::string::npos);
  CHECK(text.substr(from + begin.size(), to - from - begin.size()) == rows());
}

TEST_CASE("a command is found by its verb and its aliases, and has one way to run") {
  CHECK(find_command("start") == find_command("up"));
  CHECK(find_command("ps") == find_command("status"));
  CHECK(find_command("") == nullptr);
  CHECK(find_command("nothing") == nullptr);
  for (const auto& command : table) {
    INFO(command.verb);
    CHECK(command.begin != nullptr);
    CHECK((command.undo == nullptr || command.run != nullptr));
    CHECK(command.usage.starts_with(command.verb));
    CHECK(command.usage.size() <= 100);
  }
}
