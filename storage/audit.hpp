#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

struct AuditRow {
  std::int64_t id = 0;
  Time at;
  std::int64_t person = 0;
  std::string chat;
  std::string room;
  std::string command;    ///< what was asked, cut to 200 characters
  std::string operation;  ///< "" = none
  std::string result;
  std::int64_t cost = 0;  ///< of the operation's servers so far, in 1e-10 of `currency`
  std::string currency;   ///< "" = it had none
};

/// Who did what; append-only by trigger.
class Audit {
 public:
  explicit Audit(Database& database) : database_(database) {}
  void add(const AuditRow& row);
  std::vector<AuditRow> last(int limit);  ///< newest first
  /// The same, of an operation only what is known of it last; of one person, 0 = of all.
  std::vector<AuditRow> outcomes(int limit, std::int64_t person = 0);
  /// The first row of an operation, as it was begun.
  std::optional<AuditRow> begin_of(const std::string& operation);
  void each(const std::function<void(const AuditRow&)>& take);  ///< oldest first

 private:
  Database& database_;
};

}  // namespace storage
