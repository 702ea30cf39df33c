#include "storage/workspaces.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_workspace =
    "SELECT id, owner, name, hostname, location, volume_id, ip_id, ipv4, volume_gb, policy, state, "
    "trashed_until, trashed_by FROM workspace ";

std::vector<WorkspaceRow> workspaces(Query& query) {
  std::vector<WorkspaceRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.id = query.integer();
    row.owner = query.integer();
    row.name = query.text();
    row.hostname = query.text();
    row.location = query.text();
    row.volume_id = query.integer();
    row.ip_id = query.integer();
    row.ipv4 = query.text();
    row.volume_gb = static_cast<int>(query.integer());
    row.policy = query.json();
    row.state = query.text();
    row.trashed_until = query.optional_time();
    row.trashed_by = query.text();
  }
  return rows;
}

}  // namespace

std::int64_t Workspaces::add(const WorkspaceRow& row) {
  std::int64_t id = 0;
  database_.write(Commit::full, [&] {
    Query(database_,
          "INSERT INTO workspace (owner, name, hostname, location, volume_id, ip_id, ipv4, volume_gb, "
          "policy, state, trashed_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          row.owner, row.name, row.hostname, row.location, OrNull(row.volume_id), OrNull(row.ip_id), row.ipv4,
          row.volume_gb, row.policy, row.state, row.trashed_until)
        .run();
    id = database_.handle().getLastInsertRowid();
  });
  return id;
}

std::optional<WorkspaceRow> Workspaces::find(std::int64_t id) {
  Query query(database_, select_workspace + "WHERE id = ?", id);
  return first_of(workspaces(query));
}

std::optional<WorkspaceRow> Workspaces::find(std::int64_t owner, const std::string& name) {
  Query query(database_, select_workspace + "WHERE owner = ? AND name = ? AND state <> 'deleted'", owner,
              name);
  return first_of(workspaces(query));
}

std::optional<WorkspaceRow> Workspaces::find_hostname(const std::string& hostname) {
  Query query(database_, select_workspace + "WHERE hostname = ? AND state <> 'deleted'", hostname);
  return first_of(workspaces(query));
}

std::vector<WorkspaceRow> Workspaces::of(std::int64_t owner) {
  auto rows = ever_of(owner);
  std::erase_if(rows, [](const WorkspaceRow& row) { return row.state == "deleted"; });
  return rows;
}

std::vector<WorkspaceRow> Workspaces::ever_of(std::int64_t owner) {
  Query query(database_, select_workspace + "WHERE owner = ? ORDER BY id", owner);
  return workspaces(query);
}

std::vector<WorkspaceRow> Workspaces::all() {
  Query query(database_, select_workspace + "WHERE state <> 'deleted' ORDER BY id");
  return workspaces(query);
}

std::vector<WorkspaceRow> Workspaces::trashed() {
  Query query(database_, select_workspace + "WHERE state = 'trashed' ORDER BY trashed_until, id");
  return workspaces(query);
}

std::vector<std::pair<std::int64_t, std::string>> Workspaces::with_policy(const std::string& key) {
  Query query(database_,
              "SELECT id, json_extract(policy, ?1) FROM workspace WHERE state = 'active' AND "
              "json_extract(policy, ?1) IS NOT NULL ORDER BY id",
              "$." + key);
  std::vector<std::pair<std::int64_t, std::string>> rows;
  while (query.next()) {
    const auto id = query.integer();
    rows.emplace_back(id, query.text());
  }
  return rows;
}

void Workspaces::set_volume(std::int64_t id, const std::string& location, std::int64_t volume, int size_gb) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE workspace SET location = ?, volume_id = ?, volume_gb = ? WHERE id = ?", location,
          OrNull(volume), size_gb, id)
        .run();
  });
}

void Workspaces::set_ip(std::int64_t id, const std::string& location, std::int64_t ip_id,
                        const std::string& ipv4) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE workspace SET location = ?, ip_id = ?, ipv4 = ? WHERE id = ?", location,
          OrNull(ip_id), ipv4, id)
        .run();
  });
}

void Workspaces::set_policy(std::int64_t id, const nlohmann::json& policy) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE workspace SET policy = ? WHERE id = ?", policy, id).run();
  });
}

void Workspaces::trash(std::int64_t id, Time until, const std::string& operation) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE workspace SET state = 'trashed', trashed_until = ?, trashed_by = ? WHERE id = ?",
          until, operation, id)
        .run();
  });
}

void Workspaces::restore(std::int64_t id) {
  database_.write(Commit::full, [&] {
    Query(database_,
          "UPDATE workspace SET state = 'active', trashed_until = NULL, trashed_by = NULL WHERE id = ?", id)
        .run();
  });
}

void Workspaces::bury(std::int64_t id) {
  // No name and no hostname has a "~".
  database_.write(Commit::full, [&] {
    Query(database_,
          "UPDATE workspace SET state = 'deleted', trashed_until = NULL, trashed_by = NULL, "
          "name = name || '~' || id, hostname = hostname || '~' || id WHERE id = ? AND state <> 'deleted'",
          id)
        .run();
  });
}

}  // namespace storage
