#include "commands/operation.hpp"
#include "tests/catch.hpp"
#include "tests/commands/alone.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::Alone;

namespace {

/// An operation that asks whether to go on.
struct Asking {
  explicit Asking(Alone& alone_, const storage::OperationRow& row)
      : alone(alone_), op(alone.world, row, false), started(alone.io, ask()) {
    settle(alone.io);
  }
  net::awaitable<void> ask() {
    Question question;
    question.text = "Go on?";
    question.open = 10min;
    op.on_ask = [this] { ++pauses; };
    answer = co_await op.ask("go", question);
  }
  storage::QuestionRow row() { return alone.storage.journal.question(op.id(), "go").value(); }
  std::string state() { return alone.storage.journal.find(op.id())->state; }
  void finish() {
    run_until(alone.io, [&] { return started.ended(); });
    CHECK(started.ended_well());
  }

  Alone& alone;
  Operation op;
  std::string answer;
  int pauses = 0;
  Started started;
};

}  // namespace

TEST_CASE("a question is stored with its code, and shown with a button for each answer") {
  Alone alone;
  const auto operation = alone.begun();
  Asking asking(alone, operation);
  CHECK(asking.pauses == 1);
  CHECK(asking.state() == "waiting");
  const auto code = asking.row().nonce;
  CHECK(code.size() == 4);
  const auto said = alone.said(operation, "go");
  CHECK(said["text"] == "Go on?");
  CHECK(said["mentions"] == nlohmann::json{"console:alice"});
  CHECK(said["buttons"][0]["word"] == "yes " + code);
  CHECK(said["buttons"][1]["word"] == "no " + code);
}

TEST_CASE("an answer lets it go on") {
  for (const std::string answer : {"yes", "no"}) {
    Alone alone;
    Asking asking(alone, alone.begun());
    CHECK(alone.storage.journal.answer(asking.row().id, answer, alone.alice));
    alone.world.changed.notify();
    asking.finish();
    CHECK(asking.answer == answer);
    CHECK(asking.state() == "running");
  }
}

TEST_CASE("a question that nobody answered in time is answered no, and open no longer") {
  Alone alone;
  Asking asking(alone, alone.begun());
  alone.clock.advance(10min);
  asking.finish();
  CHECK(asking.answer == "no");
  CHECK(asking.row().answer == "no");
  CHECK_FALSE(alone.storage.journal.answer(asking.row().id, "yes", alone.alice));
}

TEST_CASE("a cancellation is a no") {
  Alone alone;
  Asking asking(alone, alone.begun());
  asking.op.note("cancel", "it was cancelled");
  alone.world.changed.notify();
  asking.finish();
  CHECK(asking.answer == "no");
}

TEST_CASE("a question that is asked again after a restart is the same one") {
  Alone alone;
  const auto operation = alone.begun();
  storage::QuestionRow first;
  {
    Asking asking(alone, operation);
    first = asking.row();
    asking.started.cancel();
    run_until(alone.io, [&] { return asking.started.ended(); });
  }
  alone.clock.advance(5min);
  Asking again(alone, operation);
  CHECK(again.row().nonce == first.nonce);
  CHECK(again.row().expires == first.expires);
  CHECK(alone.storage.outbox.pending() == 1);
  CHECK(alone.storage.journal.answer(first.id, "yes", alone.alice));
  alone.world.changed.notify();
  again.finish();
  CHECK(again.answer == "yes");
}
