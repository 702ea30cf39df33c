#include "storage/ssh_keys.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_key =
    "SELECT id, person, name, public_key, fingerprint, added, remote_id FROM ssh_key ";

std::vector<SshKeyRow> keys(Query& query) {
  std::vector<SshKeyRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.id = query.integer();
    row.person = query.integer();
    row.name = query.text();
    row.public_key = query.text();
    row.fingerprint = query.text();
    row.added = query.time();
    row.remote_id = query.integer();
  }
  return rows;
}

}  // namespace

bool SshKeys::add(const SshKeyRow& row) {
  bool added = false;
  database_.write(Commit::full, [&] {
    added = Query(database_,
                  "INSERT INTO ssh_key (person, name, public_key, fingerprint, added, remote_id) VALUES (?, "
                  "?, ?, ?, ?, ?) ON CONFLICT (person, fingerprint) DO NOTHING",
                  row.person, row.name, row.public_key, row.fingerprint, row.added, OrNull(row.remote_id))
                .run() == 1;
  });
  return added;
}

void SshKeys::set_remote(std::int64_t id, std::int64_t remote_id) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE ssh_key SET remote_id = ? WHERE id = ?", OrNull(remote_id), id).run();
  });
}

void SshKeys::set_name(std::int64_t id, const std::string& name) {
  database_.write(Commit::full,
                  [&] { Query(database_, "UPDATE ssh_key SET name = ? WHERE id = ?", name, id).run(); });
}

void SshKeys::remove(std::int64_t id) {
  database_.write(Commit::full, [&] { Query(database_, "DELETE FROM ssh_key WHERE id = ?", id).run(); });
}

std::vector<SshKeyRow> SshKeys::of(std::int64_t person) {
  Query query(database_, select_key + "WHERE person = ? ORDER BY id", person);
  return keys(query);
}

std::vector<SshKeyRow> SshKeys::all() {
  Query query(database_, select_key + "ORDER BY id");
  return keys(query);
}

std::optional<SshKeyRow> SshKeys::find(std::int64_t person, const std::string& fingerprint) {
  Query query(database_, select_key + "WHERE person = ? AND fingerprint = ?", person, fingerprint);
  return first_of(keys(query));
}

}  // namespace storage
