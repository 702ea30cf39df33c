#include "bot/retention.hpp"

namespace bot {
namespace {

/// A start has more to do than this.
constexpr std::chrono::hours after_start(1);
constexpr std::chrono::hours day(24);

}  // namespace

net::awaitable<void> forget_old_messages(net::Clock& clock, storage::Storage& storage) {
  co_await clock.sleep_for(after_start);
  for (;;) {
    const auto oldest = clock.now() - messages_kept;
    storage.inbox.forget_before(oldest);
    storage.outbox.forget_before(oldest);
    co_await clock.sleep_for(day);
  }
}

}  // namespace bot
