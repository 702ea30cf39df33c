#include "storage/replies.hpp"

#include "storage/query.hpp"

namespace storage {

namespace {

/// Remote id of the first message in the thread; "" when there is none.
std::string first_sent(Database& database, const std::string& thread) {
  Query query(database,
              "SELECT remote_id FROM outbox WHERE thread = ? AND thread <> '' AND remote_id IS NOT NULL "
              "ORDER BY rowid "
              "LIMIT 1",
              thread);
  return query.next() ? query.text() : "";
}

}  // namespace

void Replies::put(const ReplyRow& row) {
  database_.write(Commit::normal, [&] {
    Query(database_,
          "INSERT INTO reply (thread, person, url, uses, until, root) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT "
          "(thread) "
          "DO UPDATE SET url = excluded.url, uses = excluded.uses, until = excluded.until",
          row.thread, row.person, row.url, row.uses, row.until, row.root)
        .run();
  });
}

std::optional<ReplyRow> Replies::find(const std::string& thread) {
  Query query(database_, "SELECT thread, person, url, uses, until, root FROM reply WHERE thread = ?", thread);
  if (!query.next()) return std::nullopt;
  ReplyRow row;
  row.thread = query.text();
  row.person = query.text();
  row.url = query.text();
  row.uses = static_cast<int>(query.integer());
  row.until = query.time();
  row.root = query.text();
  if (row.root.empty()) row.root = first_sent(database_, thread);
  return row;
}

void Replies::used(const std::string& thread) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE reply SET uses = uses + 1 WHERE thread = ?", thread).run();
  });
}

void Replies::rooted(const std::string& thread, const std::string& root) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE reply SET root = ? WHERE thread = ? AND root = ''", root, thread).run();
  });
}

void Replies::forget(Time now, Time before) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE reply SET url = '' WHERE until <= ? AND url <> ''", now).run();
    Query(database_, "DELETE FROM reply WHERE until <= ?", before).run();
  });
}

}  // namespace storage
