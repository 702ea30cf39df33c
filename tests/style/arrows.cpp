#include "tests/style/arrows.hpp"

#include <algorithm>
#include <regex>

#include "tests/style/tree.hpp"

namespace style {

const Arrows& allowed_arrows() {
  static const Arrows arrows = {
      {"net", {}},
      {"hetzner", {"net"}},
      {"tailnet", {"net"}},
      {"storage", {}},
      {"hetzner/simulator", {"net"}},
      {"tailnet/simulator", {"net"}},
      {"commands", {"hetzner", "tailnet", "storage", "net"}},
      {"bot", {"commands", "hetzner", "tailnet", "storage", "net", "hetzner/simulator", "tailnet/simulator"}},
  };
  return arrows;
}

std::vector<std::pair<std::string, std::string>> includes(std::string_view text) {
  static const std::regex quoted("^\\s*#\\s*include\\s*\"([^\"]+)\".*");
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& line : lines_of(text)) {
    std::smatch match;
    if (std::regex_match(line, match, quoted)) found.emplace_back(folder_of(match[1].str()), match[1].str());
  }
  return found;
}

bool includes_beast(std::string_view text) {
  static const std::regex beast("^\\s*#\\s*include\\s*[<\"]boost/beast.*");
  auto lines = lines_of(text);
  return std::any_of(lines.begin(), lines.end(),
                     [](const auto& line) { return std::regex_match(line, beast); });
}

std::set<std::string> links(std::string_view text) {
  std::string words = " ";
  for (auto line : lines_of(text)) words += line.substr(0, line.find('#')) + " ";
  static const std::regex call("(devbox_library|target_link_libraries)\\s*\\(([^)]*)\\)");
  std::set<std::string> linked;
  for (std::sregex_iterator at(words.begin(), words.end(), call), end; at != end; ++at) {
    std::string arguments = (*at)[2].str();
    if ((*at)[1] == "devbox_library") {
      std::size_t keyword = arguments.find(" LINKS ");
      arguments = keyword == std::string::npos ? "" : arguments.substr(keyword);
    }
    for (const auto& [folder, unused] : allowed_arrows()) {
      std::string library = std::regex_replace(folder, std::regex("/"), "_");
      if (std::regex_search(arguments, std::regex("\\s" + library + "(\\s|$)"))) linked.insert(folder);
    }
  }
  return linked;
}

}  // namespace style
