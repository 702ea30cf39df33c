#pragma once
#include <set>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// What is not as it should be, for as long as it is so. `key` begins with the workspace: "<workspace>/…".
struct FindingRow {
  std::string key;
  std::string text;
  Time since;
};

class Findings {
 public:
  explicit Findings(Database& database) : database_(database) {}
  /// False when it is known.
  bool add(const FindingRow& row);
  /// Whatever is not among `keys` is over.
  void keep(const std::set<std::string>& keys);
  std::vector<FindingRow> of(std::int64_t workspace);
  std::vector<FindingRow> all();

 private:
  Database& database_;
};

}  // namespace storage
