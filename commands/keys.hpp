#pragma once
#include <string>

#include "commands/operation.hpp"

namespace commands {

/// The tailnet keys of an operation. A key's secret lives in memory only; its id is noted before it is
/// used, and one whose note was lost with a crash is found by its description.

/// Mints one for boot and join, notes its id and time, and returns its secret.
net::awaitable<std::string> mint_noted(Operation& op, Services& world);
/// When the last key noted was made; the device that joins with it is younger.
net::Time key_created(const Operation& op);
/// Every key this operation may have: those noted, and where one may be without a note all of its
/// description.
net::awaitable<void> revoke_keys(Operation& op, Services& world);
/// After the join; the key that was used opens nothing more, so a tailnet that refuses now is no failure.
net::awaitable<void> revoke_used_key(Operation& op, Services& world);
/// Deletes every device with our tag and this hostname, so that the next one gets the name without a suffix.
net::awaitable<void> forget_devices(Services& world, std::string hostname);

/// The same where the server is gone already and the device will end by itself: "" or why it was not done.
net::awaitable<std::string> leave_tailnet(Services& world, std::string hostname);

}  // namespace commands
