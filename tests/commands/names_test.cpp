#include "commands/names.hpp"

#include "tests/catch.hpp"
#include "tests/temp_dir.hpp"

using namespace commands;

namespace {

struct Kept {
  storage::PersonRow person(const std::string& platform, const std::string& user) {
    return storage.people.ensure(platform, user);
  }
  /// The hostname of a workspace that is made now.
  std::string made(const storage::PersonRow& owner, const std::string& name) {
    storage::WorkspaceRow row;
    row.owner = owner.id;
    row.name = name;
    row.hostname = free_hostname(storage.workspaces, owner, name);
    storage.workspaces.add(row);
    return row.hostname;
  }
  TempDir dir;
  storage::Storage storage{dir.file("devbox.db")};
};

}  // namespace

TEST_CASE("any name becomes one DNS label that no tailnet takes for the second of another") {
  const std::pair<std::string, std::string> rows[] = {
      {"alice", "alice"},
      {"Alice", "alice"},
      {"alice smith", "alice-smith"},
      {"alice..smith", "alice-smith"},
      {"-alice-", "alice"},
      {"@alice:example.org", "alice-example-org"},
      {"T1/U2", "t1-u2"},
      {"bob-2", "bob2"},
      {"bob-2-3", "bob23"},
      {"bob-2b", "bob-2b"},
      {"2", "2"},
      {"-2", "2"},
      {"müller", "m-ller"},
      {"日本", "user"},
      {"", "user"},
      {"---", "user"},
      {std::string(60, 'a'), std::string(40, 'a')},
      {std::string(39, 'a') + "-b", std::string(39, 'a')},
      {std::string(38, 'a') + "-22", std::string(38, 'a') + "2"},
  };
  for (const auto& [text, label] : rows) {
    CAPTURE(text);
    CHECK(dns_label(text) == label);
    CHECK(dns_label(label) == label);
  }
}

TEST_CASE("a Matrix id is called by its local part, others whole") {
  Kept kept;
  CHECK(short_name(kept.person("matrix", "@alice:example.org")) == "alice");
  CHECK(short_name(kept.person("slack", "T1/U2")) == "T1/U2");
  CHECK(short_name(kept.person("console", "alice")) == "alice");
}

TEST_CASE("a person whose id says nothing is called what others call them") {
  Kept kept;
  kept.person("slack", "T1/U2");
  kept.storage.people.name("slack", "T1/U2", "alice");
  CHECK(short_name(kept.person("slack", "T1/U2")) == "alice");
}

TEST_CASE("the first workspace has its owner's name, others have their own added") {
  Kept kept;
  const auto alice = kept.person("console", "alice");
  CHECK(kept.made(alice, "main") == "alice");
  CHECK(kept.made(alice, "tests") == "alice-tests");
  const auto bob = kept.person("console", "bob");
  CHECK(kept.made(bob, "tests") == "bob-tests");
  CHECK(kept.made(bob, "main") == "bob-main");
}

TEST_CASE("where somebody else has the name a letter is added, until there is none") {
  Kept kept;
  CHECK(kept.made(kept.person("console", "alice"), "main") == "alice");
  CHECK(kept.made(kept.person("matrix", "@alice:one.org"), "main") == "alice-b");
  CHECK(kept.made(kept.person("matrix", "@alice:two.org"), "main") == "alice-c");
  for (char letter = 'd'; letter <= 'z'; ++letter)
    CHECK(kept.made(kept.person("matrix", std::string("@alice:") + letter), "main") ==
          std::string("alice-") + letter);
  CHECK_THROWS(kept.made(kept.person("matrix", "@alice:last"), "main"));
}
