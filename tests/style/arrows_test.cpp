#include "tests/style/arrows.hpp"

#include <algorithm>

#include "tests/catch.hpp"
#include "tests/style/offence.hpp"
#include "tests/style/tree.hpp"

using namespace style;

namespace {

bool may_use(const std::string& from, const std::string& to) {
  return from == to || allowed_arrows().at(from).contains(to);
}

Arrows links_of_the_project() {
  Arrows found;
  for (const auto& file : tree()) {
    std::string folder = folder_of(file.path);
    if (file.path.ends_with("/CMakeLists.txt") && allowed_arrows().contains(folder)) {
      found[folder] = links(file.text);
      found[folder].erase(folder);
    }
  }
  return found;
}

bool is_file(const std::string& path) {
  return std::any_of(tree().begin(), tree().end(), [&](const File& file) { return file.path == path; });
}

void reach(const Arrows& arrows, const std::string& from, std::set<std::string>& seen) {
  if (!seen.insert(from).second) return;
  for (const auto& to : arrows.at(from)) reach(arrows, to, seen);
}

}  // namespace

TEST_CASE("includes, Beast and links are read from texts") {
  auto found =
      includes("#include <vector>\n  #include \"hetzner/simulator/x.hpp\"\n// #include \"bot/y.hpp\"\n");
  REQUIRE(found.size() == 1);
  CHECK(found.front().first == "hetzner/simulator");
  CHECK(includes_beast("#include <boost/beast/core.hpp>\n"));
  CHECK_FALSE(includes_beast("// boost/beast\n#include <boost/asio.hpp>\n"));
  CHECK(
      links("devbox_library(net SOURCES\n  a.cpp # bot\n  LINKS commands hetzner_simulator Boost::url)\n") ==
      std::set<std::string>{"commands", "hetzner/simulator"});
  CHECK(links("target_link_libraries(devboxd PRIVATE bot)") == std::set<std::string>{"bot"});
  CHECK_FALSE(may_use("hetzner", "storage"));
  CHECK_FALSE(may_use("storage", "net"));
  CHECK_FALSE(may_use("commands", "bot"));
}

TEST_CASE("includes go along the arrows of the folders, from the root") {
  for (const auto& file : sources()) {
    std::string folder = folder_of(file.path);
    for (const auto& [to, include] : includes(file.text)) {
      if (!is_file(include))
        offence(file.path + " includes \"" + include + "\", which is no file from the root");
      if (folder != "tests" && to == "tests") offence(file.path + " includes a test's \"" + include + "\"");
      if (!allowed_arrows().contains(folder) || !allowed_arrows().contains(to)) continue;
      if (!may_use(folder, to)) offence(file.path + " includes \"" + include + "\" against the arrows");
    }
  }
}

TEST_CASE("only net includes Beast") {
  for (const auto& file : sources()) {
    bool net = file.path.starts_with("net/") || file.path.starts_with("tests/net/");
    if (!net && includes_beast(file.text)) offence(file.path + " includes Beast");
  }
}

TEST_CASE("the libraries' links repeat the arrows") {
  Arrows linked = links_of_the_project();
  REQUIRE(linked.size() == allowed_arrows().size());
  for (const auto& [folder, targets] : linked) {
    for (const auto& to : targets) {
      if (!may_use(folder, to)) offence(folder + "/CMakeLists.txt links " + to + " against the arrows");
    }
  }
  for (const auto& file : sources()) {
    std::string folder = folder_of(file.path);
    if (!linked.contains(folder)) continue;
    std::set<std::string> reached;
    reach(linked, folder, reached);
    for (const auto& [to, include] : includes(file.text)) {
      if (linked.contains(to) && !reached.contains(to))
        offence(file.path + " includes " + include + " without a link");
    }
  }
}

TEST_CASE("every source file is compiled by its library's CMakeLists.txt") {
  for (const auto& file : sources()) {
    if (!file.path.ends_with(".cpp")) continue;
    std::size_t slash = file.path.rfind('/');
    // A folder without one belongs to the library of the folder it stands in.
    while (!is_file(file.path.substr(0, slash) + "/CMakeLists.txt")) slash = file.path.rfind('/', slash - 1);
    std::string lists = file.path.substr(0, slash) + "/CMakeLists.txt";
    std::string name = file.path.substr(slash + 1);
    std::string target = "(" + name.substr(0, name.rfind('.')) + " ";  // devbox_fuzz(grammar …)
    bool listed = std::any_of(tree().begin(), tree().end(), [&](const File& other) {
      bool named = other.text.find(name) != std::string::npos || other.text.find(target) != std::string::npos;
      return other.path == lists && named;
    });
    if (!listed) offence(file.path + " is not compiled by " + lists);
  }
}
