#include "storage/audit.hpp"
#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

namespace {

AuditRow entry(const std::string& command) {
  AuditRow row{.at = from_ms(5), .chat = "control", .room = "room", .command = command};
  row.result = "done";
  return row;
}

}  // namespace

TEST_CASE("the audit says who did what, newest first") {
  Kept kept;
  auto& audit = kept.storage.audit;
  auto row = entry("up cpx32");
  row.person = kept.alice;
  row.operation = "op";
  audit.add(row);
  audit.add(entry("down"));
  const auto last = audit.last(9);
  REQUIRE(last.size() == 2);
  CHECK(last[0].command == "down");
  CHECK(last[0].person == 0);
  CHECK(last[0].operation.empty());
  CHECK(last[1].person == kept.alice);
  CHECK(last[1].operation == "op");
  CHECK(last[1].result == "done");
  CHECK(last[1].at == from_ms(5));
  CHECK(audit.last(1).size() == 1);
}

TEST_CASE("a long command is cut at a character") {
  Kept kept;
  std::string command(199, 'x');
  kept.storage.audit.add(entry(command + "ä" + "y"));
  CHECK(kept.storage.audit.last(1).at(0).command == command);
}

TEST_CASE("the audit cannot be changed or shortened") {
  Kept kept;
  kept.storage.audit.add(entry("up"));
  auto& raw = kept.storage.database.handle();
  CHECK_THROWS_WITH(raw.exec("UPDATE audit SET result = 'x'"), "audit is append-only");
  CHECK_THROWS_WITH(raw.exec("DELETE FROM audit"), "audit is append-only");
  CHECK(kept.storage.audit.last(9).size() == 1);
}
