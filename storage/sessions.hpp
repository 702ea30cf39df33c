#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// One server's life, as billed. Prices in 1e-10 of `currency`, both sides.
struct SessionRow {
  std::int64_t server_id = 0;
  std::int64_t workspace = 0;
  std::string operation;  ///< the `up` that made it
  std::string type;
  std::string location;
  std::string image;
  std::int64_t hourly = 0;  ///< as shown (net or gross by config)
  std::int64_t monthly = 0;
  std::string currency;
  std::string node_id;  ///< the tailnet device, once joined
  std::string node_name;
  Time created;
  std::optional<Time> ended;
};

class Sessions {
 public:
  explicit Sessions(Database& database) : database_(database) {}
  void add(const SessionRow& row);  ///< a known server id is left as it is
  void set_node(std::int64_t server_id, const std::string& node_id, const std::string& node_name);
  /// Also takes away when it was to go down.
  void end(std::int64_t server_id, Time at);
  std::optional<SessionRow> current(std::int64_t workspace);  ///< the one not ended
  std::optional<SessionRow> find(std::int64_t server_id);
  std::vector<SessionRow> running();
  /// How many began since, of operations of this person; 0 = anybody's.
  int created_since(Time since, std::int64_t actor = 0);
  /// Those that overlap [from, to).
  std::vector<SessionRow> of(std::int64_t workspace, Time from, Time to);
  /// Of those of the workspace that have ended: the ones that the operation has made, and all that have ended
  /// since.
  std::vector<SessionRow> ended_with(const std::string& operation, std::int64_t workspace, Time since);

 private:
  Database& database_;
};

/// The last report of each workspace, as it came (JSON).
class LastReports {
 public:
  explicit LastReports(Database& database) : database_(database) {}
  struct Row {
    std::string operation;
    nlohmann::json report;
    nlohmann::json activity;  ///< what the reports have come to; null = nothing yet
    Time at;
  };
  void set(std::int64_t workspace, const Row& row);
  std::optional<Row> find(std::int64_t workspace);

 private:
  Database& database_;
};

}  // namespace storage
