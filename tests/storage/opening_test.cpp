#include "storage/opening.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "storage/schema.hpp"
#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Scratch;

namespace {

std::string refusal(const std::string& file) {
  try {
    Database database(file);
  } catch (const Unusable& error) {
    return error.what();
  }
  return "";
}

mode_t mode_of(const std::string& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("a missing database is made, with its directory, for its owner alone") {
  Scratch scratch;
  const auto file = scratch.path("var/lib/devbox.db");
  Database database(file);
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(file + ".lock") == 0600);
  CHECK(mode_of(file + "-wal") == 0600);
  CHECK(database.handle().execAndGet("PRAGMA user_version").getInt() == 8);
  CHECK(database.handle().execAndGet("PRAGMA journal_mode").getString() == "wal");
  CHECK(database.handle().execAndGet("PRAGMA foreign_keys").getInt() == 1);
  CHECK(database.handle().execAndGet("PRAGMA busy_timeout").getInt() == 5000);
}

TEST_CASE("every table is strict") {
  Scratch scratch;
  Database database(scratch.path("devbox.db"));
  SQLite::Statement loose(database.handle(),
                          "SELECT count(*), sum(strict = 0) FROM pragma_table_list "
                          "WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'");
  loose.executeStep();
  CHECK(loose.getColumn(0).getInt() == 23);
  CHECK(loose.getColumn(1).getInt() == 0);
}

TEST_CASE("a database that is opened again keeps its rows and its version") {
  Scratch scratch;
  {
    Storage storage(scratch.path("devbox.db"));
    storage.people.ensure("console", "alice");
  }
  Storage storage(scratch.path("devbox.db"));
  CHECK(storage.people.find("console", "alice").has_value());
  CHECK(storage.database.handle().execAndGet("PRAGMA user_version").getInt() == 8);
}

TEST_CASE("a migration that was cut off in the middle is run again whole") {
  Scratch scratch;
  {
    SQLite::Database half(scratch.path("devbox.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    half.exec("PRAGMA journal_mode = WAL");
    SQLite::Transaction transaction(half);
    half.exec(migrations().front());
  }
  Storage storage(scratch.path("devbox.db"));
  CHECK(storage.people.ensure("console", "alice").id == 1);
}

TEST_CASE("messages and replies of an older database are kept, in their order") {
  Scratch scratch;
  {
    SQLite::Database older(scratch.path("devbox.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (std::size_t version = 0; version < 7; ++version) older.exec(migrations()[version]);
    older.exec(
        "PRAGMA user_version = 7; INSERT INTO outbox (key, chat, room, thread, kind, body, due) VALUES "
        "('z', 'slack', 'C1', 'command/1', 'reply', '{}', 5), ('a', 'slack', 'C2', 'command/1', 'reply', "
        "'{}', 6); INSERT INTO reply VALUES ('command/1', 'U1', 'https://a', 2, 9, 'C1/5')");
  }
  Storage storage(scratch.path("devbox.db"));
  const auto waiting = storage.outbox.next("slack", Time(std::chrono::milliseconds(10)));
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].key == "z");
  CHECK(waiting[1].key == "a");
  const auto reply = storage.replies.find("command/1");
  REQUIRE(reply.has_value());
  CHECK(reply->person == "U1");
  CHECK(reply->uses == 2);
  CHECK(reply->root == "C1/5");
}

TEST_CASE("a database of a newer program is refused") {
  Scratch scratch;
  const auto file = scratch.path("devbox.db");
  { Database(file).handle().exec("PRAGMA user_version = 9"); }
  CHECK(refusal(file) == file +
                             " was written by a newer devbox (its schema is 9, this program knows 8): "
                             "install that version or restore a backup");
}

TEST_CASE("the database of another program is refused and left as it is") {
  Scratch scratch;
  const auto file = scratch.path("other.db");
  {
    SQLite::Database other(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("CREATE TABLE songs (title)");
  }
  CHECK(refusal(file) == file + " is the database of another program: name another file");
  SQLite::Database other(file);
  CHECK(other.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 1);
}

TEST_CASE("a file that is no database is refused") {
  Scratch scratch;
  scratch.put("notes.txt", std::string(4096, 'x'));
  CHECK(refusal(scratch.path("notes.txt")) ==
        "cannot use " + scratch.path("notes.txt") + " as the database: file is not a database");
}

TEST_CASE("a damaged database is refused") {
  Scratch scratch;
  const auto file = scratch.path("devbox.db");
  {
    Storage storage(file);
    for (int n = 0; n < 500; ++n) storage.people.ensure("console", "person" + std::to_string(n));
  }
  std::fstream raw(file, std::ios::in | std::ios::out | std::ios::binary);
  raw.seekp(4096);
  raw << std::string(std::filesystem::file_size(file) - 4096, '\x5a');
  raw.close();
  CHECK_THAT(refusal(file),
             Catch::Matchers::Contains("malformed") || Catch::Matchers::Contains("is damaged"));
}

TEST_CASE("a directory that cannot be made is named") {
  Scratch scratch;
  scratch.put("plain", "");
  const auto file = scratch.path("plain/devbox.db");
  CHECK_THAT(refusal(file),
             Catch::Matchers::StartsWith("cannot make the directory " + scratch.path("plain")));
}

TEST_CASE("a database that may not be written is refused") {
  if (::geteuid() == 0) return;  // root may write everything
  Scratch scratch;
  const auto file = scratch.path("devbox.db");
  { Database database(file); }
  ::chmod(file.c_str(), 0400);
  CHECK(refusal(file) == "cannot open " + file + " for writing: Permission denied");
}

TEST_CASE("one process at a time holds the database") {
  Scratch scratch;
  const auto file = scratch.path("devbox.db");
  {
    Database first(file);
    CHECK_THROWS_AS(Database(file), Held);
  }
  CHECK_NOTHROW(Database(file));
}
