#pragma once
#include "net/awaitable.hpp"
#include "net/clock.hpp"

namespace net {

/// Runs both; whichever ends first cancels the other, and when both have ended the call returns: true
/// when `task` was first, false when `limit` was. Rethrows what the first one threw.
awaitable<bool> ends_before(awaitable<void> task, awaitable<void> limit);

/// False when `task` took longer, and was cancelled. Rethrows what it threw.
awaitable<bool> ends_within(Clock& clock, Duration limit, awaitable<void> task);

}  // namespace net
