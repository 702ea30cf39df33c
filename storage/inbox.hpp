#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// A chat message as it was received; `key` is the chat's own id of it and decides what is a repeat.
struct InboxRow {
  std::string key;
  std::string alias;  ///< a second id under which the same message may come; "" = none
  std::string chat;
  std::string room;
  std::string thread;
  std::string sender;  ///< platform:user
  std::string text;
  bool direct = false;
  std::string answer_to;  ///< key of our question this answers (a press); "" = none
  Time at;
  std::string state = "new";  ///< new | done
};

/// Messages received. A row is `new` until the transaction that writes its operation or answer: what is
/// decided in the one in which it came is `done` from the start.
class Inbox {
 public:
  explicit Inbox(Database& database) : database_(database) {}
  /// False when the key or the alias is known already.
  bool add(const InboxRow& row);
  bool knows(const std::string& key);
  bool has(const std::string& key_or_alias);
  std::optional<InboxRow> find(const std::string& key);
  std::optional<InboxRow> find_alias(const std::string& alias);
  void done(const std::string& key);
  void reopen(const std::string& key);  ///< `new` again
  std::vector<InboxRow> unhandled();    ///< in the order they came
  int pending();                        ///< how many those are
  std::optional<std::string> cursor(const std::string& chat);
  void set_cursor(const std::string& chat, const std::string& value);
  /// What this sender wrote last.
  std::optional<InboxRow> last_of(const std::string& chat, const std::string& sender);
  /// What was said was a secret: keeps these words in its place.
  void replace_text(const std::string& key, const std::string& text);
  /// Rows done and older; what a sender wrote last is kept, for it is where they are found.
  void forget_before(Time time);

 private:
  Database& database_;
};

}  // namespace storage
