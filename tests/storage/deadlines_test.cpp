#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using namespace storage::test;

namespace {

DeadlineRow deadline(const Kept& kept, Time at) {
  DeadlineRow row;
  row.workspace = kept.workspace;
  row.kind = "down";
  row.at = at;
  row.by = "down";
  row.person = kept.alice;
  row.chat = "console";
  row.room = "alice";
  return row;
}

}  // namespace

TEST_CASE("a deadline takes the place of the one before, and is due from its instant on") {
  Kept kept;
  auto& deadlines = kept.storage.deadlines;
  CHECK_FALSE(deadlines.next());
  deadlines.set(deadline(kept, from_ms(5000)));
  deadlines.set(deadline(kept, from_ms(3000)));
  CHECK(deadlines.next() == from_ms(3000));
  CHECK(deadlines.due(from_ms(2999)).empty());
  REQUIRE(deadlines.due(from_ms(3000)).size() == 1);
  const auto row = deadlines.find(kept.workspace, "down").value();
  CHECK(row.by == "down");
  CHECK(row.person == kept.alice);
  CHECK(row.room == "alice");
  CHECK_FALSE(deadlines.find(kept.workspace, "idle"));
  CHECK(deadlines.remove(kept.workspace, "down"));
  CHECK_FALSE(deadlines.remove(kept.workspace, "down"));
}

TEST_CASE("a person has a key once, and two may have the same") {
  Kept kept;
  auto& keys = kept.storage.ssh_keys;
  SshKeyRow row;
  row.person = kept.alice;
  row.name = "devbox-alice-1";
  row.public_key = "ssh-ed25519 AAAA";
  row.fingerprint = "aa:bb";
  row.added = from_ms(1);
  CHECK(keys.add(row));
  CHECK_FALSE(keys.add(row));
  row.person = kept.storage.people.ensure("console", "bob").id;
  CHECK(keys.add(row));
  CHECK(keys.all().size() == 2);
  const auto mine = keys.find(kept.alice, "aa:bb").value();
  CHECK(mine.remote_id == 0);
  keys.set_remote(mine.id, 17);
  keys.set_name(mine.id, "devbox-alice-2");
  CHECK(keys.of(kept.alice).at(0).remote_id == 17);
  CHECK(keys.of(kept.alice).at(0).name == "devbox-alice-2");
  keys.remove(mine.id);
  CHECK(keys.of(kept.alice).empty());
  CHECK(keys.all().size() == 1);
}

TEST_CASE("a person's zone is kept") {
  Kept kept;
  kept.storage.people.set_timezone(kept.alice, "Europe/Riga");
  CHECK(kept.storage.people.find(kept.alice)->tz == "Europe/Riga");
}
