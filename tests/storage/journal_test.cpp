#include "storage/journal.hpp"

#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

namespace {

std::vector<std::string> ids(const std::vector<OperationRow>& rows) {
  std::vector<std::string> all;
  for (const auto& row : rows) all.push_back(row.id);
  return all;
}

}  // namespace

TEST_CASE("an operation's id is the start of its origin's SHA-256") {
  CHECK(operation_id("abc") == "ba7816bf8f01cfea");
}

TEST_CASE("an operation is kept as it was asked") {
  Kept kept;
  OperationRow row{.id = "1", .origin = "m1", .verb = "up", .request = {{"words", {"cpx32"}}}};
  row.chat = "control";
  row.room = "room";
  row.thread = "t";
  row.created = from_ms(5);
  REQUIRE(kept.storage.journal.add(row));
  const auto found = kept.storage.journal.find("1").value();
  CHECK(found.origin == "m1");
  CHECK(found.verb == "up");
  CHECK(found.request == row.request);
  CHECK(found.workspace == 0);
  CHECK(found.actor == 0);
  CHECK(found.chat == "control");
  CHECK(found.room == "room");
  CHECK(found.thread == "t");
  CHECK(found.state == "queued");
  CHECK(found.created == from_ms(5));
  CHECK_FALSE(found.finished.has_value());
  CHECK_FALSE(kept.storage.journal.find("2").has_value());
}

TEST_CASE("one origin makes one operation") {
  Kept kept;
  const auto id = kept.operation("m1");
  auto again = kept.storage.journal.find(id).value();
  again.verb = "down";
  CHECK_FALSE(kept.storage.journal.add(again));
  CHECK(kept.storage.journal.find(id)->verb == "up");
}

TEST_CASE("an operation of a person or workspace that does not exist is refused") {
  Kept kept;
  OperationRow row{.id = "1", .origin = "m1", .verb = "up", .request = {}};
  row.workspace = 99;
  CHECK_THROWS_AS(kept.storage.journal.add(row), SQLite::Exception);
}

TEST_CASE("a state that is not in the design is refused") {
  Kept kept;
  const auto id = kept.operation("m1");
  CHECK_THROWS_AS(kept.storage.journal.set_state(id, "sleeping"), SQLite::Exception);
}

TEST_CASE("unfinished operations come back oldest first") {
  Kept kept;
  auto& journal = kept.storage.journal;
  const auto second = kept.operation("b", from_ms(20));
  const auto first = kept.operation("a", from_ms(10));
  const auto ended = kept.operation("c", from_ms(5));
  journal.finish(ended, "failed", "no server left", from_ms(30));
  journal.set_state(second, "undoing");
  CHECK(ids(journal.unfinished()) == std::vector{first, second});
  CHECK(ids(journal.unfinished_of(kept.workspace)) == std::vector{first, second});
  CHECK(journal.unfinished_of(kept.workspace + 1).empty());
  CHECK(journal.find(second)->state == "undoing");
  const auto failed = journal.find(ended).value();
  CHECK(failed.state == "failed");
  CHECK(failed.error == "no server left");
  CHECK(failed.finished == from_ms(30));
}

TEST_CASE("recent operations of a verb are those done, newest first") {
  Kept kept;
  auto& journal = kept.storage.journal;
  std::vector<std::string> done;
  for (int n = 0; n < 4; ++n) {
    done.push_back(kept.operation("m" + std::to_string(n)));
    journal.finish(done.back(), n == 1 ? "failed" : "done", "", from_ms(100 + n));
  }
  CHECK(ids(journal.recent("up", 2)) == std::vector{done[3], done[2]});
  CHECK(ids(journal.recent("up", 9)) == std::vector{done[3], done[2], done[0]});
  CHECK(journal.recent("down", 9).empty());
}

TEST_CASE("a step's result is stored once and comes back the same") {
  Kept kept;
  auto& journal = kept.storage.journal;
  const auto id = kept.operation("m1");
  journal.add_step(id, "home volume", {{"id", 42}}, from_ms(2000));
  journal.add_step(id, "address", nullptr, from_ms(1000));
  CHECK(journal.steps(id) ==
        std::map<std::string, nlohmann::json>{{"address", nullptr}, {"home volume", {{"id", 42}}}});
  CHECK(journal.step_times(id) == std::vector<std::pair<std::string, Time>>{{"address", from_ms(1000)},
                                                                            {"home volume", from_ms(2000)}});
  CHECK_THROWS_AS(journal.add_step(id, "address", 1, from_ms(3000)), SQLite::Exception);
  CHECK_THROWS_AS(journal.add_step("unknown", "address", 1, from_ms(3000)), SQLite::Exception);
}

TEST_CASE("notes are appended") {
  Kept kept;
  auto& journal = kept.storage.journal;
  const auto id = kept.operation("m1");
  for (const auto* key : {"k2", "k1", "k2"}) journal.note(id, "key", key);
  journal.note(id, "other", "x");
  CHECK(journal.notes(id, "key") == std::vector<std::string>{"k2", "k1", "k2"});
  CHECK(journal.notes(id, "none").empty());
}

TEST_CASE("a question is asked once, answered once") {
  Kept kept;
  auto& journal = kept.storage.journal;
  QuestionRow question{.operation = kept.operation("m1"), .name = "sure", .nonce = "7f", .who = kept.alice};
  question.choices = {"yes", "no"};
  question.message = "m1/sure";
  question.expires = from_ms(5000);
  const auto asked = journal.ask(question);
  question.nonce = "other";
  CHECK(journal.ask(question).nonce == "7f");
  CHECK(journal.ask(question).id == asked.id);
  CHECK(asked.choices == question.choices);
  CHECK(asked.message == "m1/sure");
  CHECK(asked.answer.empty());

  CHECK(journal.open_questions(kept.alice, from_ms(4999)).size() == 1);
  CHECK(journal.open_questions(kept.alice, from_ms(5000)).empty());
  CHECK(journal.open_questions(kept.alice + 1, from_ms(0)).empty());

  CHECK(journal.answer(asked.id, "yes", kept.alice));
  CHECK_FALSE(journal.answer(asked.id, "no", kept.alice));
  CHECK(journal.question(asked.operation, "sure")->answer == "yes");
  CHECK(journal.question(asked.operation, "sure")->answered_by == kept.alice);
  CHECK(journal.open_questions(kept.alice, from_ms(0)).empty());
  CHECK_FALSE(journal.question(asked.operation, "other").has_value());
}
