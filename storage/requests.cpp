#include "storage/requests.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_request =
    "SELECT id, origin, person, ask, type, why, chat, room, thread, created, expires, state, "
    "coalesce(decided, 0) FROM request ";

std::vector<RequestRow> requests(Query& query) {
  std::vector<RequestRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.id = query.integer();
    row.origin = query.text();
    row.person = query.integer();
    row.ask = query.json();
    row.type = query.text();
    row.why = query.text();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
    row.created = query.time();
    row.expires = query.time();
    row.state = query.text();
    row.decided = query.integer();
  }
  return rows;
}

}  // namespace

RequestRow Requests::add(const RequestRow& row) {
  database_.write(Commit::full, [&] {
    Query(database_,
          "INSERT INTO request (origin, person, ask, type, why, chat, room, thread, created, expires) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin) DO NOTHING",
          row.origin, row.person, row.ask, row.type, row.why, row.chat, row.room, row.thread, row.created,
          row.expires)
        .run();
  });
  Query query(database_, select_request + "WHERE origin = ?", row.origin);
  return first_of(requests(query)).value();
}

std::optional<RequestRow> Requests::find(std::int64_t id) {
  Query query(database_, select_request + "WHERE id = ?", id);
  return first_of(requests(query));
}

bool Requests::decide(std::int64_t id, const std::string& state, std::int64_t by) {
  bool was_open = false;
  database_.write(Commit::full, [&] {
    was_open = Query(database_, "UPDATE request SET state = ?, decided = ? WHERE id = ? AND state = 'open'",
                     state, OrNull(by), id)
                   .run() == 1;
  });
  return was_open;
}

std::vector<RequestRow> Requests::open() {
  Query query(database_, select_request + "WHERE state = 'open' ORDER BY id");
  return requests(query);
}

std::vector<RequestRow> Requests::due(Time now) {
  Query query(database_, select_request + "WHERE state = 'open' AND expires <= ? ORDER BY expires, id", now);
  return requests(query);
}

std::optional<Time> Requests::next() {
  Query query(database_, "SELECT expires FROM request WHERE state = 'open' ORDER BY expires LIMIT 1");
  if (!query.next()) return std::nullopt;
  return query.time();
}

}  // namespace storage
