#include "storage/holdings.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_holding =
    "SELECT kind, remote_id, workspace, gb, hourly, monthly, currency, since, until FROM holding ";

std::vector<HoldingRow> holdings(Query& query) {
  std::vector<HoldingRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.kind = query.text();
    row.remote_id = query.integer();
    row.workspace = query.integer();
    row.gb = static_cast<int>(query.integer());
    row.hourly = query.integer();
    row.monthly = query.integer();
    row.currency = query.text();
    row.since = query.time();
    row.until = query.optional_time();
  }
  return rows;
}

bool is_same(const HoldingRow& one, const HoldingRow& other) {
  return one.workspace == other.workspace && one.gb == other.gb && one.hourly == other.hourly &&
         one.monthly == other.monthly && one.currency == other.currency;
}

}  // namespace

void Holdings::hold(const HoldingRow& row) {
  database_.write(Commit::full, [&] {
    for (const auto& before : open()) {
      if (before.kind != row.kind || before.remote_id != row.remote_id) continue;
      if (is_same(before, row)) return;
      end(row.kind, row.remote_id, row.since);
    }
    Query(database_,
          "INSERT INTO holding (kind, remote_id, workspace, gb, hourly, monthly, currency, since) VALUES (?, "
          "?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, remote_id, since) DO UPDATE SET until = NULL, workspace = "
          "excluded.workspace, gb = excluded.gb, hourly = excluded.hourly, monthly = excluded.monthly, "
          "currency = excluded.currency",
          row.kind, row.remote_id, row.workspace, row.gb, row.hourly, row.monthly, row.currency, row.since)
        .run();
  });
}

void Holdings::end(const std::string& kind, std::int64_t remote_id, Time at) {
  database_.write(Commit::full, [&] {
    Query(database_, "UPDATE holding SET until = ? WHERE kind = ? AND remote_id = ? AND until IS NULL", at,
          kind, remote_id)
        .run();
  });
}

std::vector<HoldingRow> Holdings::open() {
  Query query(database_, select_holding + "WHERE until IS NULL ORDER BY kind DESC, since, remote_id");
  return holdings(query);
}

std::vector<HoldingRow> Holdings::of(std::int64_t workspace, Time from, Time to) {
  Query query(database_,
              select_holding +
                  "WHERE workspace = ?1 AND since < ?3 AND (until IS NULL OR until > ?2) ORDER BY since, "
                  "kind, remote_id",
              workspace, from, to);
  return holdings(query);
}

}  // namespace storage
