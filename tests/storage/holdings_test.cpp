#include "storage/holdings.hpp"

#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

namespace {

struct Ledger : Kept {
  HoldingRow volume(int since, int gb = 20, std::int64_t monthly = 1000) const {
    HoldingRow row;
    row.kind = "volume";
    row.remote_id = 7;
    row.workspace = workspace;
    row.gb = gb;
    row.monthly = monthly;
    row.currency = "EUR";
    row.since = from_ms(since);
    return row;
  }
  /// "since-until" of each stretch in the time.
  std::vector<std::string> of(int from, int to) {
    std::vector<std::string> stretches;
    for (const auto& row : storage.holdings.of(workspace, from_ms(from), from_ms(to)))
      stretches.push_back(std::to_string(to_ms(row.since)) + "-" +
                          (row.until ? std::to_string(to_ms(*row.until)) : ""));
    return stretches;
  }
};

using Stretches = std::vector<std::string>;

}  // namespace

TEST_CASE("a stretch ends where size or price change, and not where nothing does") {
  Ledger ledger;
  ledger.storage.holdings.hold(ledger.volume(10));
  ledger.storage.holdings.hold(ledger.volume(20));
  CHECK(ledger.of(0, 100) == Stretches{"10-"});
  ledger.storage.holdings.hold(ledger.volume(30, 40));
  ledger.storage.holdings.hold(ledger.volume(50, 40, 2000));
  CHECK(ledger.of(0, 100) == Stretches{"10-30", "30-50", "50-"});
  CHECK(ledger.of(30, 50) == Stretches{"30-50"});
  CHECK(ledger.storage.holdings.open().size() == 1);
}

TEST_CASE("what has ended is in no later time, and may be held again") {
  Ledger ledger;
  ledger.storage.holdings.hold(ledger.volume(10));
  ledger.storage.holdings.end("ipv4", 7, from_ms(20));
  CHECK(ledger.storage.holdings.open().size() == 1);
  ledger.storage.holdings.end("volume", 7, from_ms(20));
  CHECK(ledger.storage.holdings.open().empty());
  CHECK(ledger.of(20, 100).empty());
  ledger.storage.holdings.hold(ledger.volume(30));
  CHECK(ledger.of(0, 100) == Stretches{"10-20", "30-"});
}
