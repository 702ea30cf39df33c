#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using namespace storage::test;

namespace {

ReplyRow reply_until(Time until) {
  ReplyRow row;
  row.thread = "command/1";
  row.person = "U2";
  row.url = "https://hooks.example/1";
  row.until = until;
  return row;
}

}  // namespace

TEST_CASE("how a command is answered is kept: its URL, how often it was used, the first answer") {
  Kept kept;
  auto& replies = kept.storage.replies;
  CHECK_FALSE(replies.find("command/1"));
  replies.put(reply_until(from_ms(2000)));
  replies.used("command/1");
  replies.rooted("command/1", "C1/1.1");
  replies.rooted("command/1", "C1/2.2");
  const auto row = replies.find("command/1").value();
  CHECK(row.person == "U2");
  CHECK(row.uses == 1);
  CHECK(row.root == "C1/1.1");
  // A button brings a URL of its own: five more uses, the same place.
  auto fresh = reply_until(from_ms(9000));
  fresh.url = "https://hooks.example/2";
  replies.put(fresh);
  CHECK(replies.find("command/1")->uses == 0);
  CHECK(replies.find("command/1")->url == "https://hooks.example/2");
  CHECK(replies.find("command/1")->root == "C1/1.1");
}

TEST_CASE("a URL that has ended is forgotten, and later all of it") {
  Kept kept;
  auto& replies = kept.storage.replies;
  replies.put(reply_until(from_ms(2000)));
  replies.forget(from_ms(1999), from_ms(0));
  CHECK(replies.find("command/1")->url == "https://hooks.example/1");
  replies.forget(from_ms(2000), from_ms(0));
  CHECK(replies.find("command/1")->url == "");
  replies.forget(from_ms(3000), from_ms(2000));
  CHECK_FALSE(replies.find("command/1"));
}

TEST_CASE("a person keeps the first name that was heard of them") {
  Kept kept;
  auto& people = kept.storage.people;
  people.name("slack", "T1/U2", "bob");
  people.name("slack", "T1/U2", "robert");
  CHECK(people.ensure("slack", "T1/U2").name == "bob");
  CHECK(people.find(kept.alice)->name == "");
}
