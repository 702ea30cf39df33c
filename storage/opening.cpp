#include "storage/opening.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "storage/database.hpp"
#include "storage/schema.hpp"

namespace storage {
namespace {

/// Before SQLite does anything: no statistics of its memory, which take a lock at every allocation, and no 20
/// pages at once for each table it makes for a moment (a CHECK with IN makes one).
void configure() {
  static const bool once = [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, 0);
    return true;
  }();
  static_cast<void>(once);
}

void ensure_file(const std::string& file) {
  // SQLite gives -wal and -shm the mode of the file itself.
  const int opened = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (opened < 0) throw Unusable("cannot open " + file + " for writing: " + std::strerror(errno));
  ::close(opened);
}

int version_of(SQLite::Database& database, const std::string& file) {
  const int version = database.execAndGet("PRAGMA user_version");
  const int known = known_version();
  if (version > known)
    throw Unusable(file + " was written by a newer devbox (its schema is " + std::to_string(version) +
                   ", this program knows " + std::to_string(known) +
                   "): install that version or restore a backup");
  const int id = database.execAndGet("PRAGMA application_id");
  const int tables = database.execAndGet("SELECT count(*) FROM sqlite_schema");
  if (id != application_id && (tables > 0 || version > 0))
    throw Unusable(file + " is the database of another program: name another file");
  return version;
}

void check_whole(SQLite::Database& database, const std::string& file) {
  const std::string verdict = database.execAndGet("PRAGMA quick_check(1)");
  if (verdict != "ok") throw Unusable(file + " is damaged (" + verdict + "): restore a backup");
}

void migrate(SQLite::Database& database, int version) {
  const auto& steps = migrations();
  for (std::size_t next = version; next < steps.size(); ++next) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(steps[next]);
    database.exec("PRAGMA user_version = " + std::to_string(next + 1));
    transaction.commit();
  }
}

}  // namespace

void ensure_directory_of(const std::string& file) {
  std::error_code failed;
  const auto directory = std::filesystem::absolute(file).parent_path();
  std::filesystem::create_directories(directory, failed);
  if (failed) throw Unusable("cannot make the directory " + directory.string() + ": " + failed.message());
}

int known_version() { return static_cast<int>(migrations().size()); }

std::unique_ptr<SQLite::Database> open_database(const std::string& file) {
  configure();
  ensure_file(file);
  try {
    // One thread: the connection needs no lock.
    const int how = SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
    auto database = std::make_unique<SQLite::Database>(file, how, 5000);
    const int version = version_of(*database, file);
    check_whole(*database, file);
    database->exec("PRAGMA journal_mode = WAL");
    database->exec("PRAGMA synchronous = NORMAL");
    database->exec("PRAGMA foreign_keys = ON");
    // Of pages in our memory; the kernel caches the file anyhow. SQLite's default of 2 MB is a quarter of the
    // bot.
    database->exec("PRAGMA cache_size = -128");
    migrate(*database, version);
    return database;
  } catch (const SQLite::Exception& error) {
    throw Unusable("cannot use " + file + " as the database: " + error.what());
  }
}

}  // namespace storage
