#pragma once
#include <functional>
#include <string>

#include "commands/services.hpp"

namespace commands {

/// What is on the workspace's row, as it is at Hetzner now; nullopt when it is gone or never was.
net::awaitable<std::optional<hetzner::Volume>> find_volume_of(Services& world, storage::WorkspaceRow row);
net::awaitable<std::optional<hetzner::PrimaryIp>> find_address_of(Services& world, storage::WorkspaceRow row);

/// Deletes a server, already gone is done, and ends its session. Returns the action to wait for; 0 when
/// there is none to be known, because the answer was lost.
net::awaitable<std::int64_t> delete_server(Services& world, hetzner::ServerId server);

/// Until the deletion has ended: Hetzner answers 404 before, and volume and address are free only then. With
/// no action to wait for, `until_free`.
net::awaitable<void> until_deleted(Services& world, std::int64_t action, std::int64_t workspace);

/// Until the workspace's volume and address are at no server; gives up after [limits] shutdown, for somebody
/// may have attached it by hand.
net::awaitable<void> until_free(Services& world, std::int64_t workspace);

/// Why something may not be deleted that carries these labels, "" = it may; asked just before it would be.
using WhyNot = std::function<std::string(const hetzner::Labels&)>;

/// Deletes a volume or an address once it is at no server and nothing protects it; waits while the server
/// that it is at is being deleted. Returns "" when it is gone, else why it was left alone.
net::awaitable<std::string> remove_volume(Services& world, hetzner::VolumeId id, WhyNot why_not);
net::awaitable<std::string> remove_address(Services& world, hetzner::PrimaryIpId id, WhyNot why_not);

}  // namespace commands
