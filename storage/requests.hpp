#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// What somebody asks operators for.
struct RequestRow {
  std::int64_t id = 0;      ///< the number of `approve N`
  std::string origin;       ///< the message or the operation it came of: the same again is the same request
  std::int64_t person = 0;  ///< who wants it
  nlohmann::json ask;       ///< the `up` that is run in the person's name
  std::string type;         ///< the server type that is asked for
  std::string why;
  std::string chat;  ///< where it was asked, and is answered
  std::string room;
  std::string thread;
  Time created;
  Time expires;                ///< then it counts as denied
  std::string state = "open";  ///< open | approved | denied | expired
  std::int64_t decided = 0;    ///< by whom
};

class Requests {
 public:
  explicit Requests(Database& database) : database_(database) {}
  /// The one of the same origin when there is one.
  RequestRow add(const RequestRow& row);
  std::optional<RequestRow> find(std::int64_t id);
  /// False when it is not open any more.
  bool decide(std::int64_t id, const std::string& state, std::int64_t by);
  std::vector<RequestRow> open();         ///< oldest first
  std::vector<RequestRow> due(Time now);  ///< open ones whose time has passed
  std::optional<Time> next();

 private:
  Database& database_;
};

}  // namespace storage
