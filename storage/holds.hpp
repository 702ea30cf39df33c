#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// What was said of when a server stops.
struct HoldRow {
  std::int64_t session = 0;  ///< the server's id
  std::string kind;          ///< "keep", "extend", "until" or "moved": schema_4.sql
  Time until;
  std::string said;         ///< the line that set it, "extend 2h"
  std::int64_t person = 0;  ///< who; 0 = the bot itself
  Time at;                  ///< when it was said
};

/// A server that has joined the tailnet, with what was said of its end.
struct StandingRow {
  std::int64_t session = 0;
  std::int64_t workspace = 0;
  std::string operation;  ///< the `up` that made it
  Time created;
  std::int64_t owner = 0;
  std::string hostname;
  std::string policy;  ///< the workspace's, JSON text
  std::string chat;    ///< where that `up` was asked for
  std::string room;
  std::string thread;
  std::vector<HoldRow> holds;  ///< the one said last comes last
};

class Holds {
 public:
  explicit Holds(Database& database) : database_(database) {}
  /// In place of the one of the same session and kind.
  void set(const HoldRow& row);
  std::vector<HoldRow> of(std::int64_t session);  ///< the one said last comes last
  /// False when there was none.
  bool remove(std::int64_t session, const std::string& kind);
  /// Of all on which no operation is at work; two queries, however many there are.
  std::vector<StandingRow> standing();
  std::optional<StandingRow> standing(std::int64_t session);  ///< at work or not

 private:
  Database& database_;
};

}  // namespace storage
