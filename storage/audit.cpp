#include "storage/audit.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_audit =
    "SELECT id, at, person, chat, room, command, operation, result, cost, currency FROM audit ";
constexpr std::size_t command_limit = 200;

/// Cut at a character, not inside one: what a person typed is UTF-8.
std::string cut(std::string text) {
  if (text.size() <= command_limit) return text;
  auto end = command_limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

AuditRow audit_row(Query& query) {
  AuditRow row;
  row.id = query.integer();
  row.at = query.time();
  row.person = query.integer();
  row.chat = query.text();
  row.room = query.text();
  row.command = query.text();
  row.operation = query.text();
  row.result = query.text();
  row.cost = query.integer();
  row.currency = query.text();
  return row;
}

std::vector<AuditRow> audit_rows(Query& query) {
  std::vector<AuditRow> rows;
  while (query.next()) rows.push_back(audit_row(query));
  return rows;
}

}  // namespace

void Audit::add(const AuditRow& row) {
  database_.write(Commit::normal, [&] {
    Query(database_,
          "INSERT INTO audit (at, person, chat, room, command, operation, result, cost, currency) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          row.at, OrNull(row.person), row.chat, row.room, cut(row.command), OrNull(row.operation), row.result,
          row.cost, row.currency)
        .run();
  });
}

std::vector<AuditRow> Audit::last(int limit) {
  Query query(database_, select_audit + "ORDER BY id DESC LIMIT ?", limit);
  return audit_rows(query);
}

std::vector<AuditRow> Audit::outcomes(int limit, std::int64_t person) {
  Query query(
      database_,
      select_audit +
          "WHERE (?1 = 0 OR person = ?1) AND (operation IS NULL OR NOT EXISTS (SELECT 1 FROM audit AS "
          "later WHERE later.operation = audit.operation AND later.id > audit.id)) "
          "ORDER BY id DESC LIMIT ?2",
      person, limit);
  return audit_rows(query);
}

std::optional<AuditRow> Audit::begin_of(const std::string& operation) {
  Query query(database_, select_audit + "WHERE operation = ? ORDER BY id LIMIT 1", operation);
  return first_of(audit_rows(query));
}

void Audit::each(const std::function<void(const AuditRow&)>& take) {
  Query query(database_, select_audit + "ORDER BY id");
  while (query.next()) take(audit_row(query));
}

}  // namespace storage
