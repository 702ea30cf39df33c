#include <algorithm>

#include "tests/catch.hpp"
#include "tests/style/offence.hpp"
#include "tests/style/tree.hpp"

using namespace style;

namespace {

std::size_t count_lines(const std::string& path) {
  auto file =
      std::find_if(tree().begin(), tree().end(), [&](const File& other) { return other.path == path; });
  INFO(path);
  REQUIRE(file != tree().end());
  return lines_of(file->text).size();
}

/// Code is what people read line by line; captured answers and catalogues are not.
bool is_code(const std::string& path) {
  std::size_t dot = path.rfind('.');
  std::string end = dot == std::string::npos ? "" : path.substr(dot);
  return end == ".cpp" || end == ".hpp" || end == ".sh" || end == ".awk" || end == ".sql" || end == ".py" ||
         path == "run" || path == "test" || path.ends_with("CMakeLists.txt");
}

bool declares_a_type_or_function(const std::string& text) {
  return text.find("class ") != std::string::npos || text.find("struct ") != std::string::npos ||
         text.find(");") != std::string::npos;
}

}  // namespace

TEST_CASE("a file has at most 300 lines, a test's 400") {
  for (const auto& file : tree()) {
    std::size_t limit = file.path.starts_with("tests/") ? 400 : 300;
    std::size_t lines = lines_of(file.text).size();
    if (is_code(file.path) && lines > limit) offence(file.path + " has " + std::to_string(lines) + " lines");
  }
}

TEST_CASE("a public header says in a paragraph what its main declaration is") {
  for (const auto& file : sources()) {
    bool header = file.path.ends_with(".hpp") && !file.path.starts_with("tests/");
    if (!header || !declares_a_type_or_function(file.text)) continue;
    if (file.text.find("///") == std::string::npos)
      offence(file.path + " has no comment over its declaration");
  }
}

TEST_CASE("the README and the tools' settings stay short") {
  CHECK(count_lines("README.md") <= 150);
  CHECK(count_lines(".clang-format") <= 10);
  std::size_t checks = 0;
  for (const auto& file : tree()) {
    if (file.path != ".clang-tidy") continue;
    for (const auto& line : lines_of(file.text))
      checks += line.starts_with("  ") && !line.starts_with("  -*");
    CHECK(file.text.find("WarningsAsErrors: '*'") != std::string::npos);
  }
  CHECK(checks > 0);
  CHECK(checks <= 12);
}
