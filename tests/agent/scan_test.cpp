#include <algorithm>
#include <filesystem>

#include "tests/agent/workspace.hpp"
#include "tests/catch.hpp"

using agent::test::Workspace;
using nlohmann::json;

namespace {

/// A repository with a remote in the user's home, and a commit that is there, too.
void clone(const Workspace& here, const std::string& name) {
  const auto [code, output] = here.shell(
      "set -e; cd \"$DEVBOX_ROOT\"; export HOME=$DEVBOX_ROOT/home/dev; unset GIT_DIR GIT_WORK_TREE "
      "GIT_INDEX_FILE\n"
      "git init -q --bare 'remote/" +
      name +
      "'\n"
      "git clone -q 'remote/" +
      name + "' 'home/dev/" + name +
      "' 2>/dev/null\n"
      "cd 'home/dev/" +
      name +
      "'; git config user.email a@example.org; git config user.name a\n"
      "echo text >file; git add file; git commit -qm first; git push -q origin HEAD:main; git fetch -q");
  INFO(output);
  REQUIRE(code == 0);
}

void in(const Workspace& here, const std::string& tree, const std::string& command) {
  const auto [code, output] =
      here.shell("set -e; cd \"$DEVBOX_ROOT/home/dev/" + tree + "\"; unset GIT_DIR; " + command);
  INFO(output);
  REQUIRE(code == 0);
}

std::vector<std::string> dirty(Workspace& here) {
  const auto order = "op" + std::to_string(here.sent.size()) + "/ask_work";
  std::vector<std::string> found = here.obeyed("ask_work", order)["dirty"];
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("ask_work is answered with the trees that have uncommitted or unpushed work, looked at now") {
  Workspace here;
  for (const auto* name : {"clean", "changed", "new file", "unpushed", "detached", "src/deep"})
    clone(here, name);
  here.ready();
  CHECK(dirty(here).empty());
  in(here, "changed", "echo other >file");
  in(here, "new file", "echo new >other");
  in(here, "unpushed", "echo other >file; git commit -qam second");
  in(here, "detached", "git checkout -q --detach; echo other >file; git commit -qam second");
  in(here, "src/deep",
     "git worktree add -q ../tree -b side; cd ../tree; echo other >file; git commit -qam side");
  in(here, "",
     "git init -q young; git init -q local; cd local; echo a >a; git add a; "
     "git -c user.name=a -c user.email=a@example.org commit -qm only");
  CHECK(dirty(here) == std::vector<std::string>{"changed", "detached", "local", "new file", "src/deep",
                                                "src/tree", "unpushed"});
}

TEST_CASE("where tools keep what they have fetched is not looked into") {
  Workspace here;
  for (const auto* name : {"node_modules/x", ".cache/x", ".cargo/x"}) {
    clone(here, name);
    in(here, name, "echo new >other");
  }
  clone(here, "app");
  in(here, "app", "echo new >other");
  here.ready();
  CHECK(dirty(here) == std::vector<std::string>{"app"});
}

TEST_CASE("what a repository's configuration names is not run, and odd names are told") {
  Workspace here;
  clone(here, "app");
  here.write("trap", "#!/bin/sh\ntouch '" + here.dir.file("trapped") + "'\n");
  in(here, "app",
     "mkdir hooks; cp '" + here.dir.file("trap") +
         "' hooks/post-index-change; git config core.hooksPath hooks; "
         "git config core.fsmonitor '" +
         here.dir.file("trap") + "'");
  in(here, "",
     "d=$(printf 'q\"u\\\\o\\t\\003e\\nn\\377$(touch trapped)\\303\\244x'); mkdir \"./$d\"; cd \"./$d\"; "
     "git init -q; echo a >a");
  here.ready();
  CHECK(dirty(here) == std::vector<std::string>{"app", "q\"u\\o e?n$(touch trapped)\xc3\xa4x"});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(here.dir.path()))
    CHECK(entry.path().filename() != "trapped");
}
