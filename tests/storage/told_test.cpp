#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

TEST_CASE("who watches for the same twice waits once, and after being told may wait again") {
  Kept kept;
  auto& watches = kept.storage.watches;
  WatchRow row;
  row.person = kept.storage.people.ensure("console", "alice").id;
  row.type = "cpx32";
  row.location = "fsn1";
  row.chat = "control";
  row.room = "alice";
  row.since = from_ms(1);
  CHECK(watches.add(row));
  CHECK_FALSE(watches.add(row));
  REQUIRE(watches.open().size() == 1);
  CHECK(watches.open()[0].room == "alice");
  watches.told(watches.open()[0].id, from_ms(2));
  CHECK(watches.open().empty());
  CHECK(watches.add(row));
  CHECK(watches.forget(row.person, from_ms(3)) == 1);
  CHECK(watches.forget(row.person, from_ms(3)) == 0);
}

TEST_CASE("a finding is new once, until it is over") {
  Kept kept;
  auto& findings = kept.storage.findings;
  CHECK(findings.add({"1/server_off/7", "it is off", from_ms(1)}));
  CHECK_FALSE(findings.add({"1/server_off/7", "it is off", from_ms(2)}));
  CHECK(findings.add({"10/server_off/8", "it is off", from_ms(2)}));
  REQUIRE(findings.of(1).size() == 1);
  CHECK(findings.of(1)[0].since == from_ms(1));
  CHECK(findings.of(10).size() == 1);
  findings.keep({"10/server_off/8"});
  CHECK(findings.of(1).empty());
  CHECK(findings.all().size() == 1);
  CHECK(findings.add({"1/server_off/7", "it is off", from_ms(3)}));
}
