#include "storage/findings.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

std::vector<FindingRow> findings(Query& query) {
  std::vector<FindingRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.key = query.text();
    row.text = query.text();
    row.since = query.time();
  }
  return rows;
}

}  // namespace

bool Findings::add(const FindingRow& row) {
  bool added = false;
  database_.write(Commit::normal, [&] {
    added = Query(database_, "INSERT INTO finding (key, text, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                  row.key, row.text, row.since)
                .run() == 1;
  });
  return added;
}

void Findings::keep(const std::set<std::string>& keys) {
  database_.write(Commit::normal, [&] {
    for (const auto& row : all())
      if (!keys.contains(row.key)) Query(database_, "DELETE FROM finding WHERE key = ?", row.key).run();
  });
}

std::vector<FindingRow> Findings::of(std::int64_t workspace) {
  const auto from = std::to_string(workspace) + "/";
  const auto to = std::to_string(workspace) + "0";  // '0' comes after '/'
  Query query(database_, "SELECT key, text, since FROM finding WHERE key >= ? AND key < ? ORDER BY key", from,
              to);
  return findings(query);
}

std::vector<FindingRow> Findings::all() {
  Query query(database_, "SELECT key, text, since FROM finding ORDER BY key");
  return findings(query);
}

}  // namespace storage
