#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bot/chat.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"
#include "storage/storage.hpp"

namespace bot {

struct SenderTimes {
  net::Duration first_retry = std::chrono::seconds(1);
  net::Duration last_retry = std::chrono::seconds(30);
  net::Duration between_edits = std::chrono::seconds(5);
};

/// Brings the rows of the outbox to their chats: in order within a room, rooms beside each other, the
/// same key again until the chat has it. Progress is kept in memory only and edits a row that was sent.
class Sender {
 public:
  Sender(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
         const std::vector<Chat*>& chats, SenderTimes times = {});

  /// Runs for the life of the process, one for each chat.
  net::awaitable<void> run(Chat& chat);
  /// Rows were added.
  void wake();

  /// What a sent row shall say now; only the latest text counts.
  void progress(const std::string& outbox_key, std::string text);
  /// The row's operation has said its last: no more progress.
  void settled(const std::string& outbox_key);
  std::function<void()> on_delivered = [] {};  ///< a row was sent or given up

 private:
  struct Progress {
    std::string text;
    bool is_news = false;
    net::Time next;
  };
  using Room = std::pair<std::string, std::string>;  ///< chat, room

  void start_rows(Chat& chat);
  void start_edits(Chat& chat);
  [[nodiscard]] std::optional<net::Time> next_time(const std::string& chat);
  /// The row that news of it may edit when its time has come; nullopt: not sent, or a reply comes first.
  std::optional<storage::OutboxRow> editable(const std::string& key, const std::string& chat);

  net::awaitable<void> deliver(Chat& chat, storage::OutboxRow row);
  net::awaitable<void> edit(Chat& chat, storage::OutboxRow row, std::string text);
  /// nullopt: nobody knows whether it arrived.
  net::awaitable<std::optional<SendResult>> attempt(Chat& chat, Out message);
  void conclude(const storage::OutboxRow& row, const SendResult& result);
  void leave(const storage::OutboxRow& row);

  net::Executor executor_;
  net::Clock& clock_;
  net::Random& random_;
  storage::Storage& storage_;
  SenderTimes times_;
  net::Signal wake_;
  std::set<Room> busy_;
  std::map<std::string, Progress> progress_;
};

}  // namespace bot
