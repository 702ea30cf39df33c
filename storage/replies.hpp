#pragma once
#include <optional>
#include <string>

#include "storage/database.hpp"

namespace storage {

/// How one command is answered that is no message one could answer to.
struct ReplyRow {
  std::string thread;  ///< as its inbox and outbox rows have it
  std::string person;  ///< the chat's own id of who said it
  std::string url;     ///< answers posted there reach them; "" = no longer
  int uses = 0;
  Time until;        ///< when the URL ends
  std::string root;  ///< remote id of the first answer, "url" when that could go nowhere else; "" = none yet
};

class Replies {
 public:
  explicit Replies(Database& database) : database_(database) {}
  void put(const ReplyRow& row);
  std::optional<ReplyRow> find(const std::string& thread);
  void used(const std::string& thread);  ///< once more
  void rooted(const std::string& thread, const std::string& root);
  /// URLs that have ended are no use to anybody, and rows of `before` no more either.
  void forget(Time now, Time before);

 private:
  Database& database_;
};

}  // namespace storage
