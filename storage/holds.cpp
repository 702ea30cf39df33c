#include "storage/holds.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_hold = "SELECT session, kind, until, said, coalesce(person, 0), at FROM hold ";

const std::string select_standing =
    "SELECT server_id, session.workspace, session.operation, session.created, owner, hostname, policy, chat, "
    "room, thread FROM session JOIN workspace ON workspace.id = session.workspace "
    "JOIN operation ON operation.id = session.operation "
    "WHERE ended IS NULL AND node_name IS NOT NULL ";

std::vector<HoldRow> holds(Query& query) {
  std::vector<HoldRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.session = query.integer();
    row.kind = query.text();
    row.until = query.time();
    row.said = query.text();
    row.person = query.integer();
    row.at = query.time();
  }
  return rows;
}

std::vector<StandingRow> standings(Query& query) {
  std::vector<StandingRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.session = query.integer();
    row.workspace = query.integer();
    row.operation = query.text();
    row.created = query.time();
    row.owner = query.integer();
    row.hostname = query.text();
    row.policy = query.text();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
  }
  return rows;
}

}  // namespace

void Holds::set(const HoldRow& row) {
  database_.write(Commit::full, [&] {
    Query(database_,
          "INSERT INTO hold (session, kind, until, said, person, at) VALUES (?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (session, kind) DO UPDATE SET until = excluded.until, said = excluded.said, "
          "person = excluded.person, at = excluded.at",
          row.session, row.kind, row.until, row.said, OrNull(row.person), row.at)
        .run();
  });
}

std::vector<HoldRow> Holds::of(std::int64_t session) {
  Query query(database_, select_hold + "WHERE session = ? ORDER BY at, kind", session);
  return holds(query);
}

bool Holds::remove(std::int64_t session, const std::string& kind) {
  bool was_there = false;
  database_.write(Commit::full, [&] {
    was_there = Query(database_, "DELETE FROM hold WHERE session = ? AND kind = ?", session, kind).run() == 1;
  });
  return was_there;
}

std::vector<StandingRow> Holds::standing() {
  Query query(database_, select_standing +
                             "AND NOT EXISTS (SELECT 1 FROM operation AS busy WHERE "
                             "busy.workspace = session.workspace AND busy.finished IS NULL) "
                             "ORDER BY server_id");
  auto rows = standings(query);
  Query said(database_, select_hold +
                            "WHERE session IN (SELECT server_id FROM session WHERE ended IS NULL) "
                            "ORDER BY session, at, kind");
  auto row = rows.begin();
  for (auto& hold : holds(said)) {
    while (row != rows.end() && row->session < hold.session) ++row;
    if (row != rows.end() && row->session == hold.session) row->holds.push_back(std::move(hold));
  }
  return rows;
}

std::optional<StandingRow> Holds::standing(std::int64_t session) {
  Query query(database_, select_standing + "AND server_id = ?", session);
  auto row = first_of(standings(query));
  if (row) row->holds = of(session);
  return row;
}

}  // namespace storage
