#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// A volume or an address of a workspace, as billed from `since` on. Prices in 1e-10 of `currency`.
struct HoldingRow {
  std::string kind;  ///< volume | ipv4
  std::int64_t remote_id = 0;
  std::int64_t workspace = 0;
  int gb = 0;               ///< of a volume
  std::int64_t hourly = 0;  ///< of an address; a volume is billed by the month, pro rata
  std::int64_t monthly = 0;
  std::string currency;
  Time since;
  std::optional<Time> until;
};

/// The ledger of what workspaces keep while they are down.
class Holdings {
 public:
  explicit Holdings(Database& database) : database_(database) {}
  /// From row.since on it is held like this: ends the stretch before when size or price are others, and
  /// does nothing when they are the same.
  void hold(const HoldingRow& row);
  /// It is there no more.
  void end(const std::string& kind, std::int64_t remote_id, Time at);
  std::vector<HoldingRow> open();
  /// Stretches that overlap [from, to).
  std::vector<HoldingRow> of(std::int64_t workspace, Time from, Time to);

 private:
  Database& database_;
};

}  // namespace storage
