#include "storage/journal.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_operation =
    "SELECT id, origin, verb, request, workspace, actor, chat, room, thread, state, error, created, finished "
    "FROM operation ";

std::vector<OperationRow> operations(Query& query) {
  std::vector<OperationRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.id = query.text();
    row.origin = query.text();
    row.verb = query.text();
    row.request = query.json();
    row.workspace = query.integer();
    row.actor = query.integer();
    row.chat = query.text();
    row.room = query.text();
    row.thread = query.text();
    row.state = query.text();
    row.error = query.text();
    row.created = query.time();
    row.finished = query.optional_time();
  }
  return rows;
}

}  // namespace

std::string operation_id(const std::string& origin) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(origin.data(), origin.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available");
  std::string id;
  for (int byte = 0; byte < 8; ++byte) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", digest[byte]);
    id += hex;
  }
  return id;
}

bool Journal::add(const OperationRow& row) {
  bool added = false;
  database_.write(Commit::full, [&] {
    added = Query(database_,
                  "INSERT INTO operation (id, origin, verb, request, workspace, actor, chat, room, thread, "
                  "state, error, created, finished) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON "
                  "CONFLICT (origin) DO NOTHING",
                  row.id, row.origin, row.verb, row.request, OrNull(row.workspace), OrNull(row.actor),
                  row.chat, row.room, row.thread, row.state, row.error, row.created, row.finished)
                .run() == 1;
  });
  return added;
}

std::optional<OperationRow> Journal::find(const std::string& id) {
  Query query(database_, select_operation + "WHERE id = ?", id);
  return first_of(operations(query));
}

std::vector<OperationRow> Journal::unfinished() {
  Query query(database_, select_operation + "WHERE finished IS NULL ORDER BY created, rowid");
  return operations(query);
}

std::vector<OperationRow> Journal::unfinished_of(std::int64_t workspace) {
  Query query(database_,
              select_operation + "WHERE finished IS NULL AND workspace = ? ORDER BY created, rowid",
              workspace);
  return operations(query);
}

std::vector<OperationRow> Journal::added_by(const std::string& id) {
  Query query(
      database_,
      select_operation +
          "WHERE origin > ?1 || ':' AND origin < ?1 || ';' AND finished IS NULL ORDER BY created, rowid",
      id);
  return operations(query);
}

std::optional<OperationRow> Journal::last_of(std::int64_t workspace) {
  Query query(database_, select_operation + "WHERE workspace = ? ORDER BY created DESC, rowid DESC LIMIT 1",
              workspace);
  return first_of(operations(query));
}

std::optional<OperationRow> Journal::last_by(std::int64_t actor) {
  Query query(database_, select_operation + "WHERE actor = ? ORDER BY created DESC, rowid DESC LIMIT 1",
              actor);
  return first_of(operations(query));
}

std::vector<OperationRow> Journal::recent(const std::string& verb, int limit) {
  Query query(
      database_,
      select_operation + "WHERE verb = ? AND state = 'done' ORDER BY finished DESC, rowid DESC LIMIT ?", verb,
      limit);
  return operations(query);
}

std::vector<OperationRow> Journal::recent_of(std::int64_t workspace, const std::string& verb, int limit) {
  Query query(database_,
              select_operation + "WHERE workspace = ? AND verb = ? ORDER BY created DESC, rowid DESC LIMIT ?",
              workspace, verb, limit);
  return operations(query);
}

std::vector<Journal::Count> Journal::counts() {
  Query query(database_, "SELECT verb, state, count(*) FROM operation GROUP BY verb, state");
  std::vector<Count> counts;
  while (query.next()) {
    auto& count = counts.emplace_back();
    count.verb = query.text();
    count.state = query.text();
    count.operations = query.integer();
  }
  return counts;
}

bool Journal::has_failed_since(const std::string& chat, Time since) {
  Query query(database_,
              "SELECT 1 FROM operation WHERE chat = ? AND state = 'failed' AND finished >= ? LIMIT 1", chat,
              since);
  return query.next();
}

void Journal::set_state(const std::string& id, const std::string& state) {
  database_.write(Commit::full,
                  [&] { Query(database_, "UPDATE operation SET state = ? WHERE id = ?", state, id).run(); });
}

void Journal::finish(const std::string& id, const std::string& state, const std::string& error, Time at) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE operation SET state = ?, error = ?, finished = ? WHERE id = ?", state, error, at,
          id)
        .run();
  });
}

std::map<std::string, nlohmann::json> Journal::steps(const std::string& operation) {
  Query query(database_, "SELECT name, result FROM step WHERE operation = ?", operation);
  std::map<std::string, nlohmann::json> results;
  while (query.next()) {
    const auto name = query.text();
    results[name] = query.json();
  }
  return results;
}

void Journal::add_step(const std::string& operation, const std::string& name, const nlohmann::json& result,
                       Time at) {
  database_.write(Commit::full, [&] {
    Query(database_, "INSERT INTO step (operation, name, result, at) VALUES (?, ?, ?, ?)", operation, name,
          result, at)
        .run();
  });
}

std::vector<std::pair<std::string, Time>> Journal::step_times(const std::string& operation) {
  Query query(database_, "SELECT name, at FROM step WHERE operation = ? ORDER BY at, rowid", operation);
  std::vector<std::pair<std::string, Time>> times;
  while (query.next()) {
    const auto name = query.text();
    times.emplace_back(name, query.time());
  }
  return times;
}

void Journal::note(const std::string& operation, const std::string& name, const std::string& value) {
  database_.write(Commit::full, [&] {
    Query(database_, "INSERT INTO note (operation, name, value) VALUES (?, ?, ?)", operation, name, value)
        .run();
  });
}

std::vector<std::string> Journal::notes(const std::string& operation, const std::string& name) {
  Query query(database_, "SELECT value FROM note WHERE operation = ? AND name = ? ORDER BY id", operation,
              name);
  std::vector<std::string> values;
  while (query.next()) values.push_back(query.text());
  return values;
}

}  // namespace storage
