#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// Bound as NULL when it holds the value that stands for "none" in a row: "" or 0.
struct OrNull {
  explicit OrNull(const std::string& value) : text(value.empty() ? nullptr : &value) {}
  explicit OrNull(std::int64_t value) : id(value) {}
  const std::string* text = nullptr;
  std::int64_t id = 0;
};

/// One use of a cached statement: values bound in order, reset at the end of the scope, so that no
/// read stays open and holds up checkpoints. Not for two uses of the same text at a time.
class Query {
 public:
  template <class... Values>
  Query(Database& database, const std::string& sql, const Values&... values)
      : statement_(database.prepare(sql)) {
    int at = 0;
    (bind(++at, values), ...);
  }
  ~Query() { statement_.tryReset(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// The next row, while there is one.
  bool next() {
    column_ = 0;
    return statement_.executeStep();
  }
  /// For statements without rows: how many rows they changed.
  int run() { return statement_.exec(); }

  // Columns are read from left to right.
  std::string text() { return statement_.getColumn(column_++).getString(); }
  std::int64_t integer() { return statement_.getColumn(column_++).getInt64(); }
  Time time() { return from_ms(integer()); }
  nlohmann::json json() { return nlohmann::json::parse(text()); }
  std::optional<Time> optional_time() {
    if (!statement_.isColumnNull(column_)) return time();
    ++column_;
    return std::nullopt;
  }

 private:
  void bind(int at, const std::string& value) { statement_.bind(at, value); }
  void bind(int at, const nlohmann::json& value) { statement_.bind(at, value.dump()); }
  void bind(int at, std::int64_t value) { statement_.bind(at, value); }
  void bind(int at, int value) { statement_.bind(at, value); }
  void bind(int at, Time value) { statement_.bind(at, to_ms(value)); }
  void bind(int at, const std::optional<Time>& value) {
    if (value) bind(at, *value);
  }
  void bind(int at, const OrNull& value) {
    if (value.text) statement_.bind(at, *value.text);
    if (value.id) statement_.bind(at, value.id);
  }

  SQLite::Statement& statement_;
  int column_ = 0;
};

template <class Row>
std::optional<Row> first_of(std::vector<Row> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace storage
