#pragma once
#include <string>

#include "commands/services.hpp"

namespace commands {

/// Deletes a server, already gone is done, and ends its session. Returns the action to wait for; 0 when
/// there is none to be known, because the answer was lost.
net::awaitable<std::int64_t> delete_server(Services& world, hetzner::ServerId server);

/// Until the deletion has ended: Hetzner answers 404 before, and volume and address are free only then. With
/// no action to wait for, `until_free`.
net::awaitable<void> until_deleted(Services& world, std::int64_t action, std::string hostname);

/// Until volume and address of that name are at no server; gives up after [limits] shutdown, for somebody may
/// have attached it by hand.
net::awaitable<void> until_free(Services& world, std::string hostname);

}  // namespace commands
