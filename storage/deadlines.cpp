#include "storage/deadlines.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_deadline =
    "SELECT workspace, kind, at, by, person, chat, room, thread FROM deadline ";

std::vector<DeadlineRow> deadlines(Query& query) {
  std::vector<DeadlineRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.workspace = query.integer();
    row.kind = query.text();
    row.at = query.time();
    row.by = query.text();
    row.person = query.integer();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
  }
  return rows;
}

}  // namespace

void Deadlines::set(const DeadlineRow& row) {
  database_.write(Commit::full, [&] {
    Query(database_,
          "INSERT INTO deadline (workspace, kind, at, by, person, chat, room, thread) VALUES (?, ?, ?, ?, ?, "
          "?, ?, ?) ON CONFLICT (workspace, kind) DO UPDATE SET at = excluded.at, by = excluded.by, person = "
          "excluded.person, chat = excluded.chat, room = excluded.room, thread = excluded.thread",
          row.workspace, row.kind, row.at, row.by, OrNull(row.person), row.chat, row.room, row.thread)
        .run();
  });
}

std::optional<DeadlineRow> Deadlines::find(std::int64_t workspace, const std::string& kind) {
  Query query(database_, select_deadline + "WHERE workspace = ? AND kind = ?", workspace, kind);
  return first_of(deadlines(query));
}

std::vector<DeadlineRow> Deadlines::due(Time now) {
  Query query(database_, select_deadline + "WHERE at <= ? ORDER BY at, workspace, kind", now);
  return deadlines(query);
}

std::optional<Time> Deadlines::next() {
  Query query(database_, "SELECT at FROM deadline ORDER BY at LIMIT 1");
  if (!query.next()) return std::nullopt;
  return query.time();
}

bool Deadlines::remove(std::int64_t workspace, const std::string& kind) {
  bool removed = false;
  database_.write(Commit::full, [&] {
    removed =
        Query(database_, "DELETE FROM deadline WHERE workspace = ? AND kind = ?", workspace, kind).run() == 1;
  });
  return removed;
}

}  // namespace storage
