#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace style {

struct File {
  std::string path;  ///< from the project's root, "net/client.cpp"
  std::string text;
};

/// Every text file of the project but for build directories, state and git's own.
const std::vector<File>& tree();
/// Those of `tree` that are C++.
std::vector<File> sources();
std::vector<std::string> lines_of(std::string_view text);
/// "hetzner/simulator" for hetzner/simulator/x.cpp, "net" for net/x.cpp, "tests" for all under tests/, "bot" for
/// all under bot/ (one library), "" for the root.
std::string folder_of(std::string_view path);

}  // namespace style
