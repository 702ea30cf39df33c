#include "storage/outbox.hpp"

#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

namespace {

struct Letters : Kept {
  Outbox& outbox = storage.outbox;

  bool put(const std::string& key, const std::string& room, int due = 0,
           const std::string& chat = "control") {
    OutboxRow row{.key = key, .chat = chat, .room = room, .thread = "t", .kind = "line", .edits = "e"};
    row.body = "{}";
    row.due = from_ms(due);
    return outbox.add(row);
  }
  std::vector<std::string> next(int now) {
    std::vector<std::string> keys;
    for (const auto& row : outbox.next("control", from_ms(now))) keys.push_back(row.key);
    return keys;
  }
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("the same message is queued once") {
  Letters letters;
  CHECK(letters.put("op/ready", "a"));
  CHECK_FALSE(letters.put("op/ready", "b"));
  const auto row = letters.outbox.find("op/ready").value();
  CHECK(row.room == "a");
  CHECK(row.thread == "t");
  CHECK(row.kind == "line");
  CHECK(row.edits == "e");
  CHECK(row.body == "{}");
  CHECK(row.state == "due");
  CHECK_FALSE(letters.outbox.find("op/other").has_value());
}

TEST_CASE("a room's messages go out one after the other, rooms side by side") {
  Letters letters;
  letters.put("z", "a");
  letters.put("b1", "b");
  letters.put("a", "a");
  letters.put("elsewhere", "a", 0, "matrix");
  CHECK(letters.next(0) == Keys{"z", "b1"});
  letters.outbox.sending("z");
  CHECK(letters.next(0) == Keys{"z", "b1"});
  CHECK(letters.outbox.find("z")->state == "sending");
  CHECK(letters.outbox.find("z")->tries == 1);
  letters.outbox.sent("z", "$1");
  CHECK(letters.outbox.find("z")->remote_id == "$1");
  CHECK(letters.next(0) == Keys{"b1", "a"});
}

TEST_CASE("a delayed message holds back its room and no other") {
  Letters letters;
  letters.put("a1", "a");
  letters.put("a2", "a");
  letters.put("b1", "b", 70);
  letters.outbox.sending("a1");
  letters.outbox.delayed("a1", from_ms(50));
  CHECK(letters.next(49).empty());
  CHECK(letters.outbox.next_due("control") == from_ms(50));
  CHECK(letters.next(50) == Keys{"a1"});
  CHECK(letters.next(70) == Keys{"a1", "b1"});
  CHECK_FALSE(letters.outbox.next_due("slack").has_value());
}

TEST_CASE("a message the chat refused is dropped and the next one follows") {
  Letters letters;
  letters.put("a1", "a");
  letters.put("a2", "a");
  CHECK(letters.outbox.pending() == 2);
  letters.outbox.dropped("a1", "not in this room");
  CHECK(letters.next(0) == Keys{"a2"});
  CHECK(letters.outbox.pending() == 1);
  letters.outbox.sent("a2", "");
  CHECK(letters.outbox.pending() == 0);
  CHECK_FALSE(letters.outbox.next_due("control").has_value());
}
