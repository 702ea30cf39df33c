#include <array>
#include <cstdio>
#include <memory>

#include "tests/catch.hpp"
#include "tests/style/tree.hpp"

using namespace style;

namespace {

bool is_shell(const std::string& text) {
  for (const std::string_view first : {"#!/bin/sh\n", "#!/bin/bash\n", "# shellcheck shell="})
    if (text.starts_with(first)) return true;
  return false;
}

/// What a command prints, on either stream.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"), ::pclose);
  std::string output;
  std::array<char, 4096> part{};
  while (const auto count = std::fread(part.data(), 1, part.size(), pipe.get()))
    output.append(part.data(), count);
  return output;
}

}  // namespace

TEST_CASE("shellcheck has nothing to say about any shell script of the project") {
  std::string files;
  std::size_t count = 0;
  for (const auto& file : tree()) {
    if (!is_shell(file.text)) continue;
    files += " '" + file.path + "'";
    ++count;
  }
  CHECK(count >= 25);
  CHECK(output_of("cd '" DEVBOX_SOURCE_DIR "' && shellcheck --external-sources" + files).empty());
}

TEST_CASE("shellcheck would say something about a script that is not sound") {
  CHECK(output_of("printf '#!/bin/sh\nrm $1\n' | shellcheck -").find("SC2086") != std::string::npos);
}
