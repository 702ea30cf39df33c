#include "storage/inbox.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_message =
    "SELECT key, alias, chat, room, thread, sender, text, direct, answer_to, at, state FROM inbox ";

std::vector<InboxRow> messages(Query& query) {
  std::vector<InboxRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.key = query.text();
    row.alias = query.text();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
    row.sender = query.text();
    row.text = query.text();
    row.direct = query.integer() != 0;
    row.answer_to = query.text();
    row.at = query.time();
    row.state = query.text();
  }
  return rows;
}

}  // namespace

bool Inbox::add(const InboxRow& row) {
  bool added = false;
  database_.write(Commit::normal, [&] {
    const OrNull alias(row.alias);
    added = !has(row.key) && (row.alias.empty() || !has(row.alias));
    if (!added) return;
    Query(database_,
          "INSERT INTO inbox (key, alias, chat, room, thread, sender, text, direct, answer_to, at, state) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          row.key, alias, row.chat, row.room, row.thread, row.sender, row.text, int{row.direct},
          OrNull(row.answer_to), row.at, row.state)
        .run();
  });
  return added;
}

bool Inbox::has(const std::string& key_or_alias) {
  return Query(database_, "SELECT 1 FROM inbox WHERE key = ?1 UNION ALL SELECT 1 FROM inbox WHERE alias = ?1",
               key_or_alias)
      .next();
}

bool Inbox::knows(const std::string& key) {
  return Query(database_, "SELECT 1 FROM inbox WHERE key = ?", key).next();
}

void Inbox::done(const std::string& key) {
  database_.write(Commit::normal,
                  [&] { Query(database_, "UPDATE inbox SET state = 'done' WHERE key = ?", key).run(); });
}

void Inbox::reopen(const std::string& key) {
  database_.write(Commit::normal,
                  [&] { Query(database_, "UPDATE inbox SET state = 'new' WHERE key = ?", key).run(); });
}

std::vector<InboxRow> Inbox::unhandled() {
  Query query(database_, select_message + "WHERE state = 'new' ORDER BY rowid");
  return messages(query);
}

std::optional<InboxRow> Inbox::find(const std::string& key) {
  Query query(database_, select_message + "WHERE key = ?", key);
  return first_of(messages(query));
}

std::optional<InboxRow> Inbox::find_alias(const std::string& alias) {
  Query query(database_, select_message + "WHERE alias = ?", alias);
  return first_of(messages(query));
}

std::optional<InboxRow> Inbox::last_of(const std::string& chat, const std::string& sender) {
  Query query(database_, select_message + "WHERE chat = ? AND sender = ? ORDER BY rowid DESC LIMIT 1", chat,
              sender);
  return first_of(messages(query));
}

int Inbox::pending() {
  Query query(database_, "SELECT count(*) FROM inbox WHERE state = 'new'");
  query.next();
  return static_cast<int>(query.integer());
}

std::optional<std::string> Inbox::cursor(const std::string& chat) {
  Query query(database_, "SELECT value FROM cursor WHERE chat = ?", chat);
  if (!query.next()) return std::nullopt;
  return query.text();
}

void Inbox::set_cursor(const std::string& chat, const std::string& value) {
  database_.write(Commit::normal, [&] {
    Query(database_,
          "INSERT INTO cursor (chat, value) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET value = "
          "excluded.value",
          chat, value)
        .run();
  });
}

void Inbox::replace_text(const std::string& key, const std::string& text) {
  database_.write(Commit::full,
                  [&] { Query(database_, "UPDATE inbox SET text = ? WHERE key = ?", text, key).run(); });
}

void Inbox::forget_before(Time time) {
  database_.write(Commit::normal, [&] {
    Query(database_,
          "DELETE FROM inbox WHERE state = 'done' AND at < ? AND rowid NOT IN "
          "(SELECT max(rowid) FROM inbox GROUP BY chat, sender)",
          time)
        .run();
  });
}

}  // namespace storage
