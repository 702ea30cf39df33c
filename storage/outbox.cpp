#include "storage/outbox.hpp"

#include <algorithm>

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_message =
    "SELECT key, chat, room, thread, kind, edits, body, state, remote_id, due, tries, rowid FROM outbox ";

std::vector<OutboxRow> messages(Query& query) {
  std::vector<OutboxRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.key = query.text();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
    row.kind = query.text();
    row.edits = query.text();
    row.body = query.text();
    row.state = query.text();
    row.remote_id = query.text();
    row.due = query.time();
    row.tries = static_cast<int>(query.integer());
    row.number = query.integer();
  }
  return rows;
}

}  // namespace

bool Outbox::add(const OutboxRow& row) {
  bool added = false;
  database_.write(Commit::normal, [&] {
    added = Query(database_,
                  "INSERT INTO outbox (key, chat, room, thread, kind, edits, body, state, remote_id, due, "
                  "tries) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                  row.key, row.chat, row.room, row.thread, row.kind, OrNull(row.edits), row.body, row.state,
                  OrNull(row.remote_id), row.due, row.tries)
                .run() == 1;
  });
  return added;
}

std::optional<OutboxRow> Outbox::find(const std::string& key) {
  Query query(database_, select_message + "WHERE key = ?", key);
  return first_of(messages(query));
}

std::optional<OutboxRow> Outbox::find_remote(const std::string& chat, const std::string& remote_id) {
  Query query(database_, select_message + "WHERE chat = ? AND remote_id = ?", chat, remote_id);
  return first_of(messages(query));
}

std::vector<OutboxRow> Outbox::next(const std::string& chat, Time now) {
  // The oldest row of a room is its head, due or not: a later one never overtakes it. Asked at every pass of
  // the sender, so without a GROUP BY or ORDER BY, for which SQLite makes a table each time.
  Query query(
      database_,
      select_message +
          "AS head WHERE chat = ? AND state IN ('due', 'sending') AND due <= ? AND NOT EXISTS "
          "(SELECT 1 FROM outbox AS older WHERE older.chat = head.chat AND older.room = head.room AND "
          "older.state IN ('due', 'sending') AND older.rowid < head.rowid)",
      chat, now);
  auto heads = messages(query);
  std::ranges::sort(heads, {}, &OutboxRow::number);
  return heads;
}

std::optional<Time> Outbox::next_due(const std::string& chat) {
  Query query(database_,
              "SELECT min(due) FROM outbox WHERE rowid IN (SELECT min(rowid) FROM outbox WHERE chat = ? AND "
              "state IN ('due', 'sending') GROUP BY room)",
              chat);
  query.next();
  return query.optional_time();
}

void Outbox::sending(const std::string& key) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE outbox SET state = 'sending', tries = tries + 1 WHERE key = ?", key).run();
  });
}

void Outbox::sent(const std::string& key, const std::string& remote_id) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE outbox SET state = 'sent', remote_id = ? WHERE key = ?", OrNull(remote_id), key)
        .run();
  });
}

void Outbox::delayed(const std::string& key, Time until) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE outbox SET state = 'due', due = ?, tries = tries + 1 WHERE key = ?", until, key)
        .run();
  });
}

void Outbox::dropped(const std::string& key, const std::string& why) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE outbox SET state = 'dropped', error = ? WHERE key = ?", why, key).run();
  });
}

std::vector<std::string> Outbox::waiting(const std::string& chat) {
  Query query(database_, "SELECT key FROM outbox WHERE chat = ? AND state IN ('due', 'sending')", chat);
  std::vector<std::string> keys;
  while (query.next()) keys.push_back(query.text());
  return keys;
}

void Outbox::forget_before(Time time) {
  database_.write(Commit::normal, [&] {
    Query(database_, "DELETE FROM outbox WHERE state IN ('sent', 'dropped') AND due < ?", time).run();
  });
}

int Outbox::pending() {
  Query query(database_, "SELECT count(*) FROM outbox WHERE state IN ('due', 'sending')");
  query.next();
  return static_cast<int>(query.integer());
}

std::map<std::string, int> Outbox::pending_by_chat() {
  Query query(database_, "SELECT chat, count(*) FROM outbox WHERE state IN ('due', 'sending') GROUP BY chat");
  std::map<std::string, int> chats;
  while (query.next()) {
    auto chat = query.text();
    chats.emplace(std::move(chat), static_cast<int>(query.integer()));
  }
  return chats;
}

std::vector<std::string> Outbox::waiting_chats() {
  Query query(database_, "SELECT DISTINCT chat FROM outbox WHERE state IN ('due', 'sending') ORDER BY chat");
  std::vector<std::string> chats;
  while (query.next()) chats.push_back(query.text());
  return chats;
}

}  // namespace storage
