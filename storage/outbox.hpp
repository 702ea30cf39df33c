#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// A message to send, once. `body` is JSON (commands::Message).
struct OutboxRow {
  std::string key;  ///< "<operation>/<line>" or "<inbox key>/answer"
  std::string chat;
  std::string room;
  std::string thread;
  std::string kind;   ///< progress | line | final | question | answer
  std::string edits;  ///< remote id of the message this replaces; "" = none
  std::string body;
  Time due;
  int tries = 0;              ///< those that failed or were put off
  std::string remote_id;      ///< set once sent
  std::string state = "due";  ///< due | sending | sent | dropped
  std::int64_t number = 0;    ///< grows from row to row; set once stored
};

class Outbox {
 public:
  explicit Outbox(Database& database) : database_(database) {}
  /// False when the key exists: the same message is never queued twice.
  bool add(const OutboxRow& row);
  std::optional<OutboxRow> find(const std::string& key);
  /// The message that the chat knows by this id.
  std::optional<OutboxRow> find_remote(const std::string& chat, const std::string& remote_id);
  /// Rows `due` or `sending` with due ≤ now, oldest first; at most one a (chat, room): order is kept.
  std::vector<OutboxRow> next(const std::string& chat, Time now);
  std::optional<Time> next_due(const std::string& chat);
  /// Nobody knows whether it arrived.
  void sending(const std::string& key);
  void sent(const std::string& key, const std::string& remote_id);
  void delayed(const std::string& key, Time until);
  void dropped(const std::string& key, const std::string& why);
  std::vector<std::string> waiting(const std::string& chat);  ///< keys of its rows `due` or `sending`
  void forget_before(Time time);                              ///< rows sent or dropped, and due before
  int pending();
  std::map<std::string, int> pending_by_chat();  ///< chats with none left out
  std::vector<std::string> waiting_chats();      ///< those with rows `due` or `sending`

 private:
  Database& database_;
};

}  // namespace storage
