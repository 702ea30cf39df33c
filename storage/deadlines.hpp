#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// What begins by itself at an instant, one of a kind for each workspace.
struct DeadlineRow {
  std::int64_t workspace = 0;
  std::string kind;  ///< "down": the server that runs now goes down
  Time at;
  std::string by;           ///< the line that set it, without the time: "down --force"
  std::int64_t person = 0;  ///< in whose name
  std::string chat;         ///< where it is answered
  std::string room;
  std::string thread;
};

class Deadlines {
 public:
  explicit Deadlines(Database& database) : database_(database) {}
  /// In place of the one of the same workspace and kind.
  void set(const DeadlineRow& row);
  std::optional<DeadlineRow> find(std::int64_t workspace, const std::string& kind);
  std::vector<DeadlineRow> due(Time now);  ///< soonest first
  std::optional<Time> next();
  /// False when there was none.
  bool remove(std::int64_t workspace, const std::string& kind);

 private:
  Database& database_;
};

}  // namespace storage
