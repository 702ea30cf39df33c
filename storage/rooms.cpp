#include "storage/rooms.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_room =
    "SELECT chat, id, alias, state, admitted, partner, members, encrypted, successor, since FROM room ";

std::vector<RoomRow> rooms(Query& query) {
  std::vector<RoomRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.chat = query.text();
    row.id = query.text();
    row.alias = query.text();
    row.state = query.text();
    row.admitted = query.integer() != 0;
    row.partner = query.text();
    row.members = static_cast<int>(query.integer());
    row.encrypted = query.integer() != 0;
    row.successor = query.text();
    row.since = query.time();
  }
  return rows;
}

}  // namespace

std::optional<RoomRow> Rooms::find(const std::string& chat, const std::string& id) {
  Query query(database_, select_room + "WHERE chat = ? AND id = ?", chat, id);
  return first_of(rooms(query));
}

std::vector<RoomRow> Rooms::all(const std::string& chat) {
  Query query(database_, select_room + "WHERE chat = ? ORDER BY since, id", chat);
  return rooms(query);
}

void Rooms::put(const RoomRow& row) {
  database_.write(Commit::normal, [&] {
    Query(database_,
          "INSERT OR REPLACE INTO room (chat, id, alias, state, admitted, partner, members, encrypted, "
          "successor, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          row.chat, row.id, row.alias, row.state, row.admitted ? 1 : 0, row.partner, row.members,
          row.encrypted ? 1 : 0, row.successor, row.since)
        .run();
  });
}

void Rooms::remove(const std::string& chat, const std::string& id) {
  database_.write(Commit::normal,
                  [&] { Query(database_, "DELETE FROM room WHERE chat = ? AND id = ?", chat, id).run(); });
}

std::string Rooms::upload(const std::string& key) {
  Query query(database_, "SELECT uri FROM upload WHERE key = ?", key);
  return query.next() ? query.text() : "";
}

void Rooms::uploaded(const std::string& key, const std::string& uri) {
  database_.write(Commit::normal, [&] {
    Query(database_, "INSERT INTO upload (key, uri) VALUES (?, ?) ON CONFLICT DO NOTHING", key, uri).run();
  });
}

}  // namespace storage
