#include "tests/style/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace style {
namespace {

namespace fs = std::filesystem;

bool is_foreign(const std::string& name) {
  return name == ".git" || name == "var" || name.starts_with("build");
}

bool is_text(const std::string& text) { return text.find('\0') == std::string::npos; }

std::vector<File> read_tree() {
  const fs::path root = DEVBOX_SOURCE_DIR;
  std::vector<File> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator();
       ++entry) {
    // Only a build directory of the root is foreign: deploy/build.sh is ours.
    if (entry.depth() == 0 && is_foreign(entry->path().filename().string()))
      entry.disable_recursion_pending();
    if (!entry->is_regular_file() || entry->is_symlink()) continue;
    if (entry.depth() == 0 && is_foreign(entry->path().filename().string())) continue;
    std::ifstream in(entry->path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (is_text(text)) files.push_back({entry->path().lexically_relative(root).string(), std::move(text)});
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

}  // namespace

const std::vector<File>& tree() {
  static const std::vector<File> files = read_tree();
  return files;
}

std::vector<File> sources() {
  std::vector<File> found;
  for (const auto& file : tree()) {
    if (file.path.ends_with(".cpp") || file.path.ends_with(".hpp")) found.push_back(file);
  }
  return found;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string folder_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "";
  if (path.starts_with("tests/")) return "tests";
  if (path.starts_with("bot/")) return "bot";
  return std::string(path.substr(0, slash));
}

}  // namespace style
