#include "storage/sessions.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_session =
    "SELECT server_id, workspace, operation, type, location, image, hourly, monthly, currency, node_id, "
    "node_name, created, ended FROM session ";

std::vector<SessionRow> sessions(Query& query) {
  std::vector<SessionRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.server_id = query.integer();
    row.workspace = query.integer();
    row.operation = query.text();
    row.type = query.text();
    row.location = query.text();
    row.image = query.text();
    row.hourly = query.integer();
    row.monthly = query.integer();
    row.currency = query.text();
    row.node_id = query.text();
    row.node_name = query.text();
    row.created = query.time();
    row.ended = query.optional_time();
  }
  return rows;
}

}  // namespace

void Sessions::add(const SessionRow& row) {
  database_.write(Commit::full, [&] {
    Query(database_,
          "INSERT INTO session (server_id, workspace, operation, type, location, image, hourly, monthly, "
          "currency, node_id, node_name, created, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON "
          "CONFLICT (server_id) DO NOTHING",
          row.server_id, row.workspace, row.operation, row.type, row.location, row.image, row.hourly,
          row.monthly, row.currency, OrNull(row.node_id), OrNull(row.node_name), row.created, row.ended)
        .run();
  });
}

void Sessions::set_node(std::int64_t server_id, const std::string& node_id, const std::string& node_name) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE session SET node_id = ?, node_name = ? WHERE server_id = ?", node_id, node_name,
          server_id)
        .run();
  });
}

void Sessions::end(std::int64_t server_id, Time at) {
  database_.write(Commit::full, [&] {
    const auto ended =
        Query(database_, "UPDATE session SET ended = ? WHERE server_id = ? AND ended IS NULL", at, server_id)
            .run();
    if (ended == 0) return;
    Query(database_,
          "DELETE FROM deadline WHERE kind = 'down' AND workspace IN (SELECT workspace FROM session WHERE "
          "server_id = ?)",
          server_id)
        .run();
  });
}

std::optional<SessionRow> Sessions::current(std::int64_t workspace) {
  Query query(
      database_,
      select_session + "WHERE workspace = ? AND ended IS NULL ORDER BY created DESC, server_id DESC LIMIT 1",
      workspace);
  return first_of(sessions(query));
}

std::optional<SessionRow> Sessions::find(std::int64_t server_id) {
  Query query(database_, select_session + "WHERE server_id = ?", server_id);
  return first_of(sessions(query));
}

std::vector<SessionRow> Sessions::running() {
  Query query(database_, select_session + "WHERE ended IS NULL ORDER BY created, server_id");
  return sessions(query);
}

int Sessions::created_since(Time since, std::int64_t actor) {
  Query query(database_,
              "SELECT count(*) FROM session JOIN operation ON operation.id = session.operation WHERE "
              "session.created >= ?1 AND (?2 = 0 OR operation.actor = ?2)",
              since, actor);
  query.next();
  return static_cast<int>(query.integer());
}

std::vector<SessionRow> Sessions::of(std::int64_t workspace, Time from, Time to) {
  Query query(database_,
              select_session +
                  "WHERE workspace = ?1 AND created < ?3 AND (ended IS NULL OR ended > ?2) ORDER BY created, "
                  "server_id",
              workspace, from, to);
  return sessions(query);
}

std::vector<SessionRow> Sessions::ended_with(const std::string& operation, std::int64_t workspace,
                                             Time since) {
  Query query(database_,
              select_session +
                  "WHERE workspace = ?2 AND ended IS NOT NULL AND (operation = ?1 OR ended >= ?3) ORDER BY "
                  "created, server_id",
              operation, workspace, since);
  return sessions(query);
}

void LastReports::set(std::int64_t workspace, const Row& row) {
  database_.write(Commit::normal, [&] {
    Query(database_,
          "INSERT INTO report (workspace, operation, report, activity, at) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (workspace) DO UPDATE SET operation = excluded.operation, report = excluded.report, "
          "activity = excluded.activity, at = excluded.at",
          workspace, row.operation, row.report, row.activity, row.at)
        .run();
  });
}

std::optional<LastReports::Row> LastReports::find(std::int64_t workspace) {
  Query query(database_, "SELECT operation, report, activity, at FROM report WHERE workspace = ?", workspace);
  if (!query.next()) return std::nullopt;
  Row row;
  row.operation = query.text();
  row.report = query.json();
  row.activity = query.json();
  row.at = query.time();
  return row;
}

}  // namespace storage
