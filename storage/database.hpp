#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace storage {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
inline std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }
inline Time from_ms(std::int64_t ms) { return Time(std::chrono::milliseconds(ms)); }

/// Another process holds the database (devbox.db.lock).
struct Held : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The file cannot be used: not ours, newer than this program, read-only, damaged; the sentence says which.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How safe a commit is: `normal` survives a killed process, `full` also a power cut.
enum class Commit { normal, full };

/// The one SQLite file: WAL, STRICT tables, foreign keys, one process (flock on FILE.lock), migrations
/// by user_version. Every write goes through `write`, which is one transaction.
class Database {
 public:
  /// Opens or creates. Throws Held or Unusable.
  explicit Database(const std::string& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `work` in one transaction; nested calls join the outer one. A throw from any of them rolls all
  /// back, even when the outer work swallows it. When any asks for `full`, the commit is full. Throws
  /// Unusable when the disk is full, read-only or broken.
  void write(Commit commit, const std::function<void()>& work);
  /// To be called when nobody waits: takes a long WAL into the file, which syncs both and takes milliseconds.
  /// When it is never called, a commit now and then does it.
  void tidy();
  /// A prepared statement, cached by its text.
  SQLite::Statement& prepare(const std::string& sql);
  SQLite::Database& handle() { return *database_; }
  /// On the disk, with what has not been written back yet.
  [[nodiscard]] std::uint64_t bytes() const;
  /// A consistent copy while running (VACUUM INTO).
  void backup(const std::string& file);

 private:
  /// The transaction that is open: what the calls that joined it have asked for, and whether one threw.
  struct Open {
    bool full = false;
    bool spoiled = false;
  };
  void transact(Commit commit, const std::function<void()>& work);
  void join(const std::function<void()>& work);
  void sync();
  void checkpoint();

  struct Lock;
  std::unique_ptr<Lock> lock_;
  std::unique_ptr<SQLite::Database> database_;
  std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> statements_;
  std::optional<Open> open_;
  int pages_in_wal_ = 0;
};

}  // namespace storage
