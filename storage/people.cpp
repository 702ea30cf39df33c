#include "storage/people.hpp"

#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_person = "SELECT id, platform, user, tz, role, quiet, name FROM person ";

PersonRow person(Query& query) {
  PersonRow row;
  row.id = query.integer();
  row.platform = query.text();
  row.user = query.text();
  row.tz = query.text();
  row.role = query.text();
  row.quiet = query.text();
  row.name = query.text();
  return row;
}

}  // namespace

PersonRow People::ensure(const std::string& platform, const std::string& user) {
  const auto known = find(platform, user);
  if (known) return *known;
  database_.write(Commit::normal, [&] {
    Query(database_, "INSERT INTO person (platform, user) VALUES (?, ?)", platform, user).run();
  });
  return find(platform, user).value();
}

std::optional<PersonRow> People::find(std::int64_t id) {
  Query query(database_, select_person + "WHERE id = ?", id);
  if (!query.next()) return std::nullopt;
  return person(query);
}

std::optional<PersonRow> People::find(const std::string& platform, const std::string& user) {
  Query query(database_, select_person + "WHERE platform = ? AND user = ?", platform, user);
  if (!query.next()) return std::nullopt;
  return person(query);
}

std::vector<PersonRow> People::all() {
  Query query(database_, select_person + "ORDER BY id");
  std::vector<PersonRow> rows;
  while (query.next()) rows.push_back(person(query));
  return rows;
}

void People::set_role(std::int64_t id, const std::string& role) {
  database_.write(Commit::full,
                  [&] { Query(database_, "UPDATE person SET role = ? WHERE id = ?", role, id).run(); });
}

void People::set_timezone(std::int64_t id, const std::string& zone) {
  database_.write(Commit::normal,
                  [&] { Query(database_, "UPDATE person SET tz = ? WHERE id = ?", zone, id).run(); });
}

void People::name(const std::string& platform, const std::string& user, const std::string& name) {
  database_.write(Commit::normal, [&] {
    Query(database_,
          "INSERT INTO person (platform, user, name) VALUES (?, ?, ?) ON CONFLICT (platform, user) DO UPDATE "
          "SET name "
          "= excluded.name WHERE name = ''",
          platform, user, name)
        .run();
  });
}

void People::set_quiet(std::int64_t id, const std::string& hours) {
  database_.write(Commit::normal,
                  [&] { Query(database_, "UPDATE person SET quiet = ? WHERE id = ?", hours, id).run(); });
}

}  // namespace storage
