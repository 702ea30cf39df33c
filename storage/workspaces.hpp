#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/database.hpp"

namespace storage {

struct WorkspaceRow {
  std::int64_t id = 0;
  std::int64_t owner = 0;
  std::string name;
  std::string hostname;
  std::string location;  ///< "" until its volume is made; then pinned
  std::int64_t volume_id = 0;
  std::int64_t ip_id = 0;
  std::string ipv4;  ///< the address behind ip_id
  int volume_gb = 0;
  nlohmann::json policy = nlohmann::json::object();
  std::string state = "active";  ///< active | trashed | deleted
  std::optional<Time> trashed_until;
  std::string trashed_by;  ///< the operation; "" = it is not in the trash
};

/// What people own. Rows outlive every server, and what was deleted for good: it has cost something. Such
/// rows are found by id and by `ever_of` alone.
class Workspaces {
 public:
  explicit Workspaces(Database& database) : database_(database) {}
  std::int64_t add(const WorkspaceRow& row);
  std::optional<WorkspaceRow> find(std::int64_t id);
  std::optional<WorkspaceRow> find(std::int64_t owner, const std::string& name);
  std::optional<WorkspaceRow> find_hostname(const std::string& hostname);
  std::vector<WorkspaceRow> of(std::int64_t owner);
  std::vector<WorkspaceRow> ever_of(std::int64_t owner);
  std::vector<WorkspaceRow> all();
  std::vector<WorkspaceRow> trashed();  ///< the next to go first
  /// Active ones whose policy has this key, by id, with its value as JSON text.
  std::vector<std::pair<std::int64_t, std::string>> with_policy(const std::string& key);
  void set_volume(std::int64_t id, const std::string& location, std::int64_t volume, int size_gb);
  void set_ip(std::int64_t id, const std::string& location, std::int64_t ip_id, const std::string& ipv4);
  void set_policy(std::int64_t id, const nlohmann::json& policy);
  /// Into the trash until then, or for longer when it is there.
  void trash(std::int64_t id, Time until, const std::string& operation);
  void restore(std::int64_t id);
  /// Deleted for good: others may be called like it from now on.
  void bury(std::int64_t id);

 private:
  Database& database_;
};

}  // namespace storage
