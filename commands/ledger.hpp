#pragma once
#include <string>

#include "commands/services.hpp"

/// What things have cost so far, by what is stored: sessions and holdings with the prices of their time. All
/// of it is an estimate, net or gross by configuration.
namespace commands {

struct Spent {
  hetzner::Money servers;
  hetzner::Money kept;  ///< volume and address, also while it is down
  [[nodiscard]] hetzner::Money sum() const { return servers + kept; }
};

/// Of a workspace from `from` up to the instant `to`. A started hour belongs to the instant at which it
/// began.
Spent spent(Services& world, std::int64_t workspace, net::Time from, net::Time to);

/// In the calendar month (UTC) of `now`, up to it.
hetzner::Money month_so_far(Services& world, std::int64_t workspace, net::Time now);

/// What a workspace's volume and address cost a month, as long as it holds them.
hetzner::Money held_monthly(Services& world, std::int64_t workspace);

/// Cost of a session from its start to `until`.
hetzner::Money cost_of(const storage::SessionRow& session, net::Time until);

/// From now on (`since`) the workspace holds this volume, this address, at today's prices. Within a write.
void hold_volume(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::Volume& volume,
                 net::Time since);
void hold_address(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::PrimaryIp& ip,
                  net::Time since);

/// What was made for a workspace is on its row and in the ledger, in one write.
void keep_volume(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::Volume& volume);
void keep_address(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::PrimaryIp& ip);

/// A new offer may have new prices: whatever is held goes on at those.
void price_holdings(Services& world, const Offer& offer);

}  // namespace commands
