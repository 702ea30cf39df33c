#pragma once
#include <cstdint>
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
  void wake(const std::string& chat);
  /// What was put off after a failure is tried again at once.
  void retry();

  /// What a sent row shall say now; only the latest text counts.
  void progress(const std::string& outbox_key, std::string text);
  /// The row's operation has said its last: no more progress, and none to be seen.
  void settled(const std::string& outbox_key);
  /// How often it was tried, by chat and by what came of it: sent, delayed, refused, unknown.
  using Attempts = std::map<std::pair<std::string, std::string>, std::uint64_t>;
  [[nodiscard]] const Attempts& attempts() const { return attempts_; }
  std::function<void()> on_delivered = [] {};  ///< a row was sent or given up

 private:
  struct Progress {
    std::string text;
    bool is_news = false;
    bool was_shown = false;
    bool is_over = false;  ///< the text is empty: what was shown goes
    net::Time next;
  };
  using Room = std::pair<std::string, std::string>;  ///< chat, room

  using Rows = std::vector<storage::OutboxRow>;  ///< the first of each room that waits

  void start_rows(Chat& chat, const Rows& heads);
  void start_edits(Chat& chat, const Rows& heads);
  [[nodiscard]] std::optional<net::Time> next_time(const std::string& chat, const Rows& heads);
  /// The row that news of it may edit when its time has come; nullopt: not sent, or a reply comes first.
  std::optional<storage::OutboxRow> editable(const std::string& key, const std::string& chat,
                                             const Rows& heads);

  net::awaitable<void> deliver(Chat& chat, storage::OutboxRow row);
  net::awaitable<void> edit(Chat& chat, storage::OutboxRow row, std::string text);
  /// nullopt: nobody knows whether it arrived.
  net::awaitable<std::optional<SendResult>> attempt(Chat& chat, Out message);
  [[nodiscard]] bool must_wait(const std::string& chat, const Rows& heads);
  void limit(const std::string& chat, net::Time until);
  void conclude(const storage::OutboxRow& row, const SendResult& result);
  void leave(const storage::OutboxRow& row);

  net::Executor executor_;
  net::Clock& clock_;
  net::Random& random_;
  storage::Storage& storage_;
  SenderTimes times_;
  std::map<std::string, net::Signal> wake_;  ///< by chat
  net::Signal retry_;
  std::set<Room> busy_;
  std::map<std::string, net::Time>
      limited_;  ///< chats that have said "not before": edits wait for all replies
  std::map<std::string, Progress> progress_;
  Attempts attempts_;
};

}  // namespace bot
