#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bot/check.hpp"
#include "hetzner/api.hpp"
#include "hetzner/types.hpp"

namespace bot {

using Locations = std::vector<hetzner::Location>;
/// Those in an answer to GET /locations; nullopt when it is none.
std::optional<Locations> find_locations(const std::string& answer);

/// What an `up` by the configuration needs of the project: the location, the server type there, ssh keys,
/// firewalls, and snapshots, of which every flavour is shown.
net::awaitable<Findings> check_project(const Checking& with, hetzner::Api& api, const Locations& locations);

}  // namespace bot
