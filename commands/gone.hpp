#pragma once
#include <string>

#include "commands/services.hpp"

namespace commands {

/// The workspace's volume, its address is at Hetzner no more: the next `up` makes another. What the workspace
/// is bound to a location by is what is left. Within a write or not.
void forget_volume(Services& world, const storage::WorkspaceRow& workspace);
void forget_address(Services& world, const storage::WorkspaceRow& workspace);

/// "alice's volume was deleted outside of this bot, …": a sentence for the owner.
std::string volume_is_gone(const storage::WorkspaceRow& workspace);
std::string address_is_gone(const storage::WorkspaceRow& workspace);

/// Looks for both by id, forgets what is gone and says so; "" = all is there.
net::awaitable<std::string> forget_gone(Services& world, std::int64_t workspace);

}  // namespace commands
