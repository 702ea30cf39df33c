#include "storage/watches.hpp"

#include "storage/query.hpp"

namespace storage {

bool Watches::add(const WatchRow& row) {
  bool added = false;
  database_.write(Commit::normal, [&] {
    added = Query(database_,
                  "INSERT INTO watch (person, type, location, chat, room, thread, since) VALUES (?, ?, ?, ?, "
                  "?, ?, ?) ON CONFLICT DO NOTHING",
                  row.person, row.type, row.location, row.chat, row.room, row.thread, row.since)
                .run() == 1;
  });
  return added;
}

std::vector<WatchRow> Watches::open() {
  Query query(database_,
              "SELECT id, person, type, location, chat, room, thread, since FROM watch WHERE told IS NULL "
              "ORDER BY id");
  std::vector<WatchRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.id = query.integer();
    row.person = query.integer();
    row.type = query.text();
    row.location = query.text();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
    row.since = query.time();
  }
  return rows;
}

void Watches::told(std::int64_t id, Time at) {
  database_.write(Commit::normal, [&] {
    Query(database_, "UPDATE watch SET told = ? WHERE id = ? AND told IS NULL", at, id).run();
  });
}

int Watches::forget(std::int64_t person, Time at) {
  int forgotten = 0;
  database_.write(Commit::normal, [&] {
    forgotten =
        Query(database_, "UPDATE watch SET told = ? WHERE person = ? AND told IS NULL", at, person).run();
  });
  return forgotten;
}

}  // namespace storage
