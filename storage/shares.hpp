#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// Somebody may start, stop and open another one's workspace until then.
struct ShareRow {
  std::int64_t workspace = 0;
  std::int64_t person = 0;
  Time until;
  std::int64_t by = 0;  ///< who said so
  std::string chat;     ///< where its end is told
  std::string room;
  std::string thread;
};

class Shares {
 public:
  explicit Shares(Database& database) : database_(database) {}
  /// In place of the one of the same workspace and person.
  void set(const ShareRow& row);
  /// Also one whose time has passed and which nobody has ended yet.
  std::optional<ShareRow> find(std::int64_t workspace, std::int64_t person);
  std::vector<ShareRow> of(std::int64_t workspace);  ///< the one that ends last comes last
  std::vector<ShareRow> due(Time now);               ///< soonest first
  std::optional<Time> next();
  /// False when there was none.
  bool remove(std::int64_t workspace, std::int64_t person);

 private:
  Database& database_;
};

}  // namespace storage
