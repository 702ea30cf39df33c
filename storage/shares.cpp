#include "storage/shares.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_share =
    "SELECT workspace, person, until, coalesce(by, 0), chat, room, thread FROM share ";

std::vector<ShareRow> shares(Query& query) {
  std::vector<ShareRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.workspace = query.integer();
    row.person = query.integer();
    row.until = query.time();
    row.by = query.integer();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
  }
  return rows;
}

}  // namespace

void Shares::set(const ShareRow& row) {
  database_.write(Commit::full, [&] {
    Query(database_,
          "INSERT INTO share (workspace, person, until, by, chat, room, thread) VALUES (?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (workspace, person) DO UPDATE SET until = excluded.until, by = excluded.by, chat = "
          "excluded.chat, room = excluded.room, thread = excluded.thread",
          row.workspace, row.person, row.until, OrNull(row.by), row.chat, row.room, row.thread)
        .run();
  });
}

std::optional<ShareRow> Shares::find(std::int64_t workspace, std::int64_t person) {
  Query query(database_, select_share + "WHERE workspace = ? AND person = ?", workspace, person);
  return first_of(shares(query));
}

std::vector<ShareRow> Shares::of(std::int64_t workspace) {
  Query query(database_, select_share + "WHERE workspace = ? ORDER BY until, person", workspace);
  return shares(query);
}

std::vector<ShareRow> Shares::due(Time now) {
  Query query(database_, select_share + "WHERE until <= ? ORDER BY until, workspace, person", now);
  return shares(query);
}

std::optional<Time> Shares::next() {
  Query query(database_, "SELECT until FROM share ORDER BY until LIMIT 1");
  if (!query.next()) return std::nullopt;
  return query.time();
}

bool Shares::remove(std::int64_t workspace, std::int64_t person) {
  bool removed = false;
  database_.write(Commit::full, [&] {
    removed =
        Query(database_, "DELETE FROM share WHERE workspace = ? AND person = ?", workspace, person).run() ==
        1;
  });
  return removed;
}

}  // namespace storage
