#include "storage/workspaces.hpp"

#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

TEST_CASE("a person is made once and found by id and by name") {
  Kept kept;
  auto& people = kept.storage.people;
  CHECK(people.ensure("console", "alice").id == kept.alice);
  CHECK(people.ensure("matrix", "alice").id != kept.alice);
  CHECK(people.find(kept.alice)->user == "alice");
  CHECK(people.find("matrix", "alice")->platform == "matrix");
  CHECK_FALSE(people.find(99).has_value());
  CHECK_FALSE(people.find("slack", "alice").has_value());
}

TEST_CASE("a workspace remembers its volume and address") {
  Kept kept;
  auto& workspaces = kept.storage.workspaces;
  kept.storage.workspaces.set_volume(kept.workspace, "fsn1", 11, 20);
  kept.storage.workspaces.set_ip(kept.workspace, "fsn1", 12, "203.0.113.10");
  const auto row = workspaces.find(kept.workspace).value();
  CHECK(row.owner == kept.alice);
  CHECK(row.name == "main");
  CHECK(row.location == "fsn1");
  CHECK(row.volume_id == 11);
  CHECK(row.volume_gb == 20);
  CHECK(row.ip_id == 12);
  CHECK(row.ipv4 == "203.0.113.10");
  CHECK(row.policy == nlohmann::json::object());
  CHECK(row.state == "active");
  CHECK_FALSE(row.trashed_until.has_value());
}

TEST_CASE("a workspace is found by id, by owner and name, by hostname") {
  Kept kept;
  auto& workspaces = kept.storage.workspaces;
  const auto second = workspaces.add({.owner = kept.alice, .name = "lab", .hostname = "alice-lab"});
  CHECK(workspaces.find(kept.alice, "lab")->id == second);
  CHECK(workspaces.find_hostname("alice-lab")->id == second);
  CHECK(workspaces.of(kept.alice).size() == 2);
  CHECK(workspaces.of(kept.alice + 1).empty());
  CHECK(workspaces.all().front().id == kept.workspace);
  CHECK_FALSE(workspaces.find(99).has_value());
  CHECK_FALSE(workspaces.find(kept.alice, "x").has_value());
  CHECK_FALSE(workspaces.find_hostname("x").has_value());
}

TEST_CASE("names and hostnames are taken once") {
  Kept kept;
  auto& workspaces = kept.storage.workspaces;
  const auto bob = kept.storage.people.ensure("console", "bob").id;
  CHECK_THROWS_AS(workspaces.add({.owner = kept.alice, .name = "main", .hostname = "x"}), SQLite::Exception);
  CHECK_THROWS_AS(workspaces.add({.owner = bob, .name = "main", .hostname = "alice"}), SQLite::Exception);
  CHECK_THROWS_AS(workspaces.add({.owner = 99, .name = "main", .hostname = "y"}), SQLite::Exception);
  CHECK_NOTHROW(workspaces.add({.owner = bob, .name = "main", .hostname = "bob"}));
}

TEST_CASE("active workspaces are found by a key of their policy, with its value") {
  Kept kept;
  auto& workspaces = kept.storage.workspaces;
  CHECK(workspaces.with_policy("schedule").empty());
  workspaces.set_policy(kept.workspace, {{"type", "cpx32"}});
  CHECK(workspaces.with_policy("schedule").empty());
  workspaces.set_policy(kept.workspace, {{"type", "cpx32"}, {"schedule", {{"text", "9-18"}, {"person", 1}}}});
  const auto found = workspaces.with_policy("schedule");
  CHECK(found.size() == 1);
  CHECK(found.at(0).first == kept.workspace);
  CHECK(nlohmann::json::parse(found.at(0).second) == nlohmann::json{{"text", "9-18"}, {"person", 1}});
}
