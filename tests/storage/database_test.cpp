#include "storage/database.hpp"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Scratch;
using storage::test::Kept;

namespace {
int syncs = 0;
}

// SQLite reaches the disk through these two; defined here they are found before libc's.
extern "C" int fsync(int descriptor) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}
extern "C" int fdatasync(int descriptor) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace {

struct Cursors {
  Scratch scratch;
  Storage storage{scratch.path("devbox.db")};
  Database& database = storage.database;

  Cursors() {  // the first write to a new log always syncs its header
    set("warm", "up");
  }
  void set(const std::string& chat, const std::string& value) { storage.inbox.set_cursor(chat, value); }
  bool has(const std::string& chat) { return storage.inbox.cursor(chat).has_value(); }
  template <class Work>
  int syncs_of(Commit commit, Work work) {
    const int before = syncs;
    database.write(commit, work);
    return syncs - before;
  }
};

}  // namespace

TEST_CASE("a full commit reaches the disk, a normal one does not wait for it") {
  Cursors world;
  CHECK(world.syncs_of(Commit::normal, [&] { world.set("a", "1"); }) == 0);
  CHECK(world.syncs_of(Commit::full, [&] { world.set("a", "2"); }) == 1);
}

TEST_CASE("a transaction is full when any joined write asks for it") {
  Cursors world;
  const auto inner = [&] { world.set("b", "1"); };
  CHECK(world.syncs_of(Commit::normal, [&] {
    world.set("a", "1");
    world.database.write(Commit::full, inner);
  }) == 1);
  CHECK(world.syncs_of(Commit::full, [&] { world.database.write(Commit::normal, inner); }) == 1);
  CHECK(world.syncs_of(Commit::normal, inner) == 0);
}

TEST_CASE("a write that throws leaves nothing") {
  Cursors world;
  CHECK_THROWS_WITH(world.database.write(Commit::normal,
                                         [&] {
                                           world.set("a", "1");
                                           throw std::runtime_error("no");
                                         }),
                    "no");
  CHECK_FALSE(world.has("a"));
  world.set("b", "1");
  CHECK(world.has("b"));
}

TEST_CASE("nested writes are kept or undone together") {
  Cursors world;
  CHECK_THROWS(world.database.write(Commit::normal, [&] {
    world.database.write(Commit::full, [&] { world.set("inner", "1"); });
    throw std::runtime_error("no");
  }));
  CHECK_FALSE(world.has("inner"));
}

TEST_CASE("an inner failure undoes all, also when it is swallowed two levels up") {
  Cursors world;
  const auto fail = [] { throw std::runtime_error("no"); };
  CHECK_THROWS_AS(world.database.write(Commit::normal,
                                       [&] {
                                         world.set("outer", "1");
                                         world.database.write(Commit::normal, [&] {
                                           CHECK_THROWS(world.database.write(Commit::normal, fail));
                                         });
                                       }),
                  std::logic_error);
  CHECK_FALSE(world.has("outer"));
}

TEST_CASE("every write is one explicit COMMIT") {
  Cursors world;
  std::vector<std::string> statements;
  sqlite3_trace_v2(
      world.database.handle().getHandle(), SQLITE_TRACE_STMT,
      [](unsigned, void* seen, void*, void* text) {
        static_cast<std::vector<std::string>*>(seen)->push_back(static_cast<const char*>(text));
        return 0;
      },
      &statements);
  world.set("a", "1");
  REQUIRE(statements.size() == 3);
  CHECK(statements.front().rfind("BEGIN", 0) == 0);
  CHECK(statements.back().rfind("COMMIT", 0) == 0);
}

TEST_CASE("a backup taken while it is written to is a database of its own") {
  Cursors world;
  const auto copy = world.scratch.path("backup.db");
  world.set("a", "1");
  world.database.backup(copy);
  world.set("b", "1");
  struct stat status {};
  REQUIRE(::stat(copy.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  Storage restored(copy);
  CHECK(restored.inbox.cursor("a") == "1");
  CHECK_FALSE(restored.inbox.cursor("b").has_value());
  CHECK_THROWS_WITH(world.database.backup(copy), copy + " exists already: name a new file");
}

TEST_CASE("a disk that is full is said to be so, and what was stored before is there") {
  Kept kept;
  auto& database = kept.storage.database;
  const int pages = database.handle().execAndGet("PRAGMA page_count");
  database.handle().exec("PRAGMA max_page_count = " + std::to_string(pages + 1));
  const auto fill = [&] {
    for (int number = 0; number < 1000; ++number)
      kept.storage.people.ensure("console", "somebody with a name " + std::to_string(number));
  };
  CHECK_THROWS_WITH(fill(),
                    kept.scratch.path("devbox.db") +
                        " cannot be written: the disk is full. What was confirmed is stored; mend that "
                        "and start again.");
  CHECK(kept.storage.people.find("console", "alice"));
  database.handle().exec("PRAGMA max_page_count = 100000");
  CHECK_NOTHROW(fill());
}
