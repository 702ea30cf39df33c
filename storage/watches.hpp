#pragma once
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// Somebody wants to be told when a server type can be ordered.
struct WatchRow {
  std::int64_t id = 0;
  std::int64_t person = 0;
  std::string type;
  std::string location;
  std::string chat;
  std::string room;
  std::string thread;
  Time since;
};

class Watches {
 public:
  explicit Watches(Database& database) : database_(database) {}
  /// False when this person waits for the same already.
  bool add(const WatchRow& row);
  std::vector<WatchRow> open();  ///< oldest first
  void told(std::int64_t id, Time at);
  /// How many of this person's were open.
  int forget(std::int64_t person, Time at);

 private:
  Database& database_;
};

}  // namespace storage
