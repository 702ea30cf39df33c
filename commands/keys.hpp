#pragma once
#include <string>

#include "commands/operation.hpp"

namespace commands {

/// The tailnet keys of an operation. A key's secret lives in memory only; its id is noted before it is
/// used, and one whose note was lost with a crash is found by its description.

/// Mints one for boot and join, notes its id and time, and returns its secret.
net::awaitable<std::string> mint_noted(Operation& op, Services& world);
/// The last key noted, and when it was made: what its device is known by.
tailnet::GivenKey key_created(const Operation& op, Services& world);
/// Every key this operation may have: those noted, and where one may be without a note all of its
/// description.
net::awaitable<void> revoke_keys(Operation& op, Services& world);
/// After the join; the key that was used opens nothing more, so a tailnet that refuses now is no failure.
net::awaitable<void> revoke_used_key(Operation& op, Services& world);
/// Why its machine may not have joined with it, as a sentence after another one: the tailnet knows whether
/// the key was used, has expired or was revoked. "" when it does not say.
net::awaitable<std::string> what_its_key_tells(const Operation& op, Services& world);
/// Deletes every device with its owner's tag and its hostname, connected or not, so that the next one gets
/// the name without a suffix. Never the machine that [http] public_url names, and not while the cloud has a
/// server of that name: a dead machine's device may look connected for minutes, so that only the cloud says
/// whether a machine lives.
net::awaitable<void> forget_devices(Services& world, storage::WorkspaceRow workspace);

/// The same where the server was just deleted and the device will end by itself: "" or why it was not done.
net::awaitable<std::string> leave_tailnet(Services& world, storage::WorkspaceRow workspace);

/// With [tailnet] tag = "…{owner}…": throws Error when a workspace of somebody else has the same tag already,
/// for then whom the policy lets in there would be let in here; or when the machine that the bot runs on has.
net::awaitable<void> check_owner_tag(Services& world, storage::WorkspaceRow workspace);

}  // namespace commands
