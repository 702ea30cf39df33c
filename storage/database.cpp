#include "storage/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "storage/opening.hpp"
#include "storage/query.hpp"

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

/// Pages in the WAL from which on they are taken into the file: when nobody waits for us, or at once.
constexpr int worth_a_checkpoint = 1000;
constexpr int too_many = 4000;

/// Prepared as all statements are, for an answer takes several.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { Query(database, "BEGIN IMMEDIATE").run(); }
  ~Transaction() {
    // Where the disk failed SQLite has rolled back by itself.
    if (!is_committed_) database_.handle().tryExec("ROLLBACK");
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    Query(database_, "COMMIT").run();
    is_committed_ = true;
  }

 private:
  Database& database_;
  bool is_committed_ = false;
};

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
  const auto keep_count = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Database*>(self)->pages_in_wal_ = pages;
    if (pages >= too_many) static_cast<Database*>(self)->checkpoint();
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_->getHandle(), keep_count, this);
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
  Transaction transaction(*this);
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

void Database::tidy() {
  if (pages_in_wal_ >= worth_a_checkpoint) checkpoint();
}

/// As much as readers allow; another time, the rest.
void Database::checkpoint() {
  pages_in_wal_ = 0;
  sqlite3_wal_checkpoint_v2(database_->getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

SQLite::Statement& Database::prepare(const std::string& sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(*database_, sql);
  statement->reset();
  statement->clearBindings();
  return *statement;
}

std::uint64_t Database::bytes() const {
  std::uint64_t sum = 0;
  for (const auto* ending : {"", "-wal"}) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(database_->getFilename() + ending, failure);
    if (!failure) sum += size;
  }
  return sum;
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
