#include "storage/inbox.hpp"

#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

namespace {

InboxRow message(const std::string& key, const std::string& alias = "") {
  InboxRow row{.key = key, .alias = alias, .chat = "control", .room = "room", .thread = "t"};
  row.sender = "console:alice";
  row.text = "up cpx32";
  row.direct = true;
  row.answer_to = "question";
  row.at = from_ms(1234);
  return row;
}

std::vector<std::string> unhandled(Kept& kept) {
  std::vector<std::string> keys;
  for (const auto& row : kept.storage.inbox.unhandled()) keys.push_back(row.key);
  return keys;
}

}  // namespace

TEST_CASE("a message is kept as it came") {
  Kept kept;
  REQUIRE(kept.storage.inbox.add(message("k", "a")));
  const auto row = kept.storage.inbox.unhandled().at(0);
  CHECK(row.alias == "a");
  CHECK(row.chat == "control");
  CHECK(row.room == "room");
  CHECK(row.thread == "t");
  CHECK(row.sender == "console:alice");
  CHECK(row.text == "up cpx32");
  CHECK(row.direct);
  CHECK(row.answer_to == "question");
  CHECK(row.at == from_ms(1234));
}

TEST_CASE("a message that comes again, by either of its ids, is the same message") {
  Kept kept;
  auto& inbox = kept.storage.inbox;
  REQUIRE(inbox.add(message("k", "a")));
  CHECK_FALSE(inbox.add(message("k")));
  CHECK_FALSE(inbox.add(message("x", "a")));
  CHECK_FALSE(inbox.add(message("a")));
  CHECK_FALSE(inbox.add(message("a", "k")));
  inbox.done("k");
  CHECK_FALSE(inbox.add(message("k")));
  CHECK(inbox.add(message("without alias")));
  CHECK(inbox.add(message("without alias too")));
}

TEST_CASE("what is decided as it comes is done from the start, and can be taken up again") {
  Kept kept;
  auto& inbox = kept.storage.inbox;
  auto row = message("k");
  row.state = "done";
  REQUIRE(inbox.add(row));
  CHECK(inbox.pending() == 0);
  inbox.reopen("k");
  CHECK(inbox.pending() == 1);
  CHECK(inbox.unhandled().at(0).state == "new");
  inbox.done("k");
  CHECK(inbox.find("k")->state == "done");
}

TEST_CASE("what is not done is handed out in the order it came") {
  Kept kept;
  for (const auto* key : {"z", "a", "m"}) kept.storage.inbox.add(message(key));
  CHECK(unhandled(kept) == std::vector<std::string>{"z", "a", "m"});
  kept.storage.inbox.done("a");
  CHECK(unhandled(kept) == std::vector<std::string>{"z", "m"});
}

TEST_CASE("only old messages that are done are forgotten") {
  Kept kept;
  auto& inbox = kept.storage.inbox;
  inbox.add(message("new"));
  inbox.add(message("old"));
  inbox.done("old");
  inbox.add(message("their last"));
  inbox.done("their last");
  inbox.forget_before(from_ms(1234));
  CHECK_FALSE(inbox.add(message("old")));
  inbox.forget_before(from_ms(1235));
  CHECK(inbox.knows("their last"));
  CHECK(inbox.add(message("old")));
  CHECK(unhandled(kept) == std::vector<std::string>{"new", "old"});
}

TEST_CASE("a cursor is kept for each chat") {
  Kept kept;
  auto& inbox = kept.storage.inbox;
  CHECK_FALSE(inbox.cursor("matrix").has_value());
  inbox.set_cursor("matrix", "s1");
  inbox.set_cursor("matrix", "s2");
  CHECK(inbox.cursor("matrix") == "s2");
  CHECK_FALSE(inbox.cursor("slack").has_value());
}

TEST_CASE("cursor and messages go back together") {
  Kept kept;
  auto& inbox = kept.storage.inbox;
  CHECK_THROWS(kept.storage.database.write(Commit::normal, [&] {
    inbox.add(message("k"));
    inbox.set_cursor("matrix", "s1");
    throw std::runtime_error("power");
  }));
  CHECK_FALSE(inbox.cursor("matrix").has_value());
  CHECK(inbox.add(message("k")));
}
