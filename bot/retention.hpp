#pragma once
#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "storage/storage.hpp"

namespace bot {

/// How long messages are kept after they were dealt with: their buttons, and that they came, are known until
/// then.
constexpr net::Duration messages_kept = std::chrono::hours(24 * 90);

/// Forgets older ones once a day; runs for the life of the process. Operations and the audit are kept.
net::awaitable<void> forget_old_messages(net::Clock& clock, storage::Storage& storage);

}  // namespace bot
