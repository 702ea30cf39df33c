#include "storage/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "storage/opening.hpp"

namespace storage {

/// flock and not locking_mode=EXCLUSIVE: a replicating reader (Litestream) must still get in.
struct Database::Lock {
  explicit Lock(const std::string& file)
      : descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor < 0) throw Unusable("cannot open " + file + " for writing: " + std::strerror(errno));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return;
    const int why = errno;
    ::close(descriptor);
    if (why == EWOULDBLOCK) throw Held("another devbox process holds " + file);
    throw Unusable("cannot lock " + file + ": " + std::strerror(why));
  }
  ~Lock() { ::close(descriptor); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  int descriptor;
};

namespace {

/// What the machine has to be mended of; "" for an error that is ours.
std::string unwritable(int code) {
  switch (code) {
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_READONLY:
      return "it is read-only";
    case SQLITE_IOERR:
      return "the disk fails";
    default:
      return "";
  }
}

}  // namespace

Database::Database(const std::string& file) {
  ensure_directory_of(file);
  lock_ = std::make_unique<Lock>(file + ".lock");
  database_ = open_database(file);
}

Database::~Database() = default;

void Database::write(Commit commit, const std::function<void()>& work) {
  if (open_) {
    open_->full |= commit == Commit::full;
    return join(work);
  }
  try {
    transact(commit, work);
  } catch (const SQLite::Exception& error) {
    const auto why = unwritable(error.getErrorCode());
    if (why.empty()) throw;
    throw Unusable(database_->getFilename() + " cannot be written: " + why +
                   ". What was confirmed is stored; mend that and start again.");
  }
}

void Database::transact(Commit commit, const std::function<void()>& work) {
  SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
  open_.emplace(Open{.full = commit == Commit::full});
  struct Close {
    std::optional<Open>& open;
    ~Close() { open.reset(); }
  } close{open_};
  work();
  if (open_->spoiled) throw std::logic_error("a write inside this transaction failed: all of it is undone");
  transaction.commit();
  if (open_->full) sync();
}

void Database::join(const std::function<void()>& work) {
  struct Outcome {
    bool& spoiled;
    bool good = false;
    ~Outcome() { spoiled |= !good; }
  } outcome{open_->spoiled};
  work();
  outcome.good = true;
}

// The connection stays at synchronous=NORMAL, because the level cannot change once a transaction is open
// and a joined call may be the first to ask for `full`. Syncing the WAL after COMMIT is what FULL does.
void Database::sync() {
  sqlite3_file* wal = nullptr;
  sqlite3_file_control(database_->getHandle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (!wal || !wal->pMethods || wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL) != SQLITE_OK)
    throw std::runtime_error("the database could not be written through to the disk");
}

SQLite::Statement& Database::prepare(const std::string& sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(*database_, sql);
  statement->reset();
  statement->clearBindings();
  return *statement;
}

void Database::backup(const std::string& file) {
  if (std::filesystem::exists(file)) throw std::runtime_error(file + " exists already: name a new file");
  // Under another name until it is complete, and made by us first, because it holds what people wrote.
  const std::string part = file + ".part";
  std::filesystem::remove(part);
  const int made = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) throw std::runtime_error("cannot write " + part + ": " + std::strerror(errno));
  ::close(made);
  SQLite::Statement copy(*database_, "VACUUM INTO ?");
  copy.bind(1, part);
  copy.exec();
  std::filesystem::rename(part, file);
}

}  // namespace storage
