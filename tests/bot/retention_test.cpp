#include "bot/retention.hpp"

#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"
#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;

namespace {

void put(storage::Storage& storage, const std::string& key, net::Time at, bool is_done) {
  storage::InboxRow in;
  in.key = key;
  in.chat = "slack";
  in.sender = "slack:T1/U2";
  in.at = at;
  storage.inbox.add(in);
  storage::OutboxRow out;
  out.key = key;
  out.chat = "slack";
  out.body = "{}";
  out.due = at;
  storage.outbox.add(out);
  if (!is_done) return;
  storage.inbox.done(key);
  storage.outbox.sent(key, "C1/" + key);
}

}  // namespace

TEST_CASE("messages are kept for ninety days after they were dealt with, and what was not is kept") {
  Loop loop;
  StillClock clock(loop.io.get_executor());
  storage::test::Kept kept;
  auto& storage = kept.storage;
  put(storage, "dealt with", clock.now(), true);
  put(storage, "waiting", clock.now(), false);
  put(storage, "later", clock.now() + 2h, true);
  put(storage, "their last", clock.now() + 3h, true);
  net::spawn(loop.io.get_executor(), "retention", forget_old_messages(clock, storage));
  const auto knows = [&](const std::string& key) {
    CHECK(storage.inbox.knows(key) == storage.outbox.find(key).has_value());
    return storage.inbox.knows(key);
  };
  loop.settle();
  clock.advance(1h);
  loop.settle();
  CHECK(knows("dealt with"));
  clock.advance(24h * 90);
  loop.settle();
  CHECK_FALSE(knows("dealt with"));
  CHECK(knows("waiting"));
  CHECK(knows("later"));
  clock.advance(24h);
  loop.settle();
  CHECK_FALSE(knows("later"));
  CHECK(knows("waiting"));
  CHECK(storage.inbox.knows("their last"));
}
