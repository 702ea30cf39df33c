#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

struct PersonRow {
  std::int64_t id = 0;
  std::string platform;  ///< console | matrix | slack
  std::string user;
  std::string tz;
  std::string role;   ///< none | member | operator | admin, as `role` has it; "" = by config
  std::string quiet;  ///< "22-7" in that zone: no reminders then; "off" = never quiet; "" = by config
  std::string name;   ///< what others call them; "" = the id says it, or nobody knows
};

class People {
 public:
  explicit People(Database& database) : database_(database) {}
  PersonRow ensure(const std::string& platform, const std::string& user);
  std::optional<PersonRow> find(std::int64_t id);
  std::optional<PersonRow> find(const std::string& platform, const std::string& user);
  void set_timezone(std::int64_t id, const std::string& zone);
  std::vector<PersonRow> all();  ///< everybody who was ever heard or named
  void set_role(std::int64_t id, const std::string& role);
  /// Unless they have a name: what is called after them keeps its own.
  void name(const std::string& platform, const std::string& user, const std::string& name);
  void set_quiet(std::int64_t id, const std::string& hours);

 private:
  Database& database_;
};

}  // namespace storage
