#include "storage/replies.hpp"

#include "storage/query.hpp"

namespace storage {

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
