#pragma once
#include "tests/weeks/ledger.hpp"

namespace weeks {

/// Ends the process at boundaries of a story: after the n-th thing that it does since a row of the outbox was
/// written whose key is like `rows` (a GLOB: "idle/*"), unless time has passed before.
class Crashes {
 public:
  Crashes(Weeks& story, std::string rows, int steps);
  [[nodiscard]] int count() const { return count_; }

 private:
  bool is_here(storage::Database& database);

  std::string rows_;
  int steps_;
  int known_ = 0;
  std::int64_t changes_ = 0;
  std::optional<int> left_;  ///< things to be done before it dies
  int count_ = 0;
};

/// A story as it was told: whole messages with their minutes, servers and what they cost; of one minute in
/// any order.
struct Told {
  Texts said;
  Texts servers;
  int crashes = 0;
};

/// The story until `end` without a crash, then with one after the first thing, the second … that follows each
/// such row, as long as there is one before time passes.
std::vector<Told> tell_with_crashes(const Setting& setting, const std::string& rows, const std::string& end);

}  // namespace weeks
