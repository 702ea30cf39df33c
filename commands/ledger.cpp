#include "commands/ledger.hpp"

#include <algorithm>

#include "commands/plan.hpp"
#include "commands/times.hpp"

namespace commands {
namespace {

using hetzner::Money;

hetzner::Rate rate_of(std::int64_t hourly, std::int64_t monthly) {
  return {Money::from_raw(hourly), Money::from_raw(monthly)};
}

/// Of something billed by started hours, what falls into [from, to).
Money hourly_part(const hetzner::Rate& rate, net::Time created, net::Time ended, net::Time from,
                  net::Time to) {
  const auto until = std::min(ended, to);
  if (until < created) return {};
  auto cost = hetzner::hourly_cost(rate, created, until);
  if (created < from) cost = cost - hetzner::hourly_cost(rate, created, std::min(from, until));
  return cost;
}

Money kept_part(const storage::HoldingRow& held, net::Time from, net::Time to) {
  const auto ended = held.until.value_or(to);
  if (held.kind == "ipv4")
    return hourly_part(rate_of(held.hourly, held.monthly), held.since, ended, from, to);
  const auto begin = std::max(held.since, from);
  const auto end = std::min(ended, to);
  return begin < end ? hetzner::pro_rata_cost(Money::from_raw(held.monthly), begin, end) : Money();
}

storage::HoldingRow held_volume(const Services& world, const Offer& offer, std::int64_t workspace,
                                std::int64_t volume, int gb) {
  storage::HoldingRow row;
  row.kind = "volume";
  row.remote_id = volume;
  row.workspace = workspace;
  row.gb = gb;
  row.monthly = (shown(world.settings, offer.pricing.volume_gb_month) * gb).raw();
  row.currency = offer.pricing.currency;
  return row;
}

storage::HoldingRow held_address(const Services& world, const Offer& offer, std::int64_t workspace,
                                 std::int64_t ip, const std::string& location) {
  storage::HoldingRow row;
  row.kind = "ipv4";
  row.remote_id = ip;
  row.workspace = workspace;
  row.currency = offer.pricing.currency;
  if (const auto* price = offer.ipv4_price(location)) {
    row.hourly = shown(world.settings, price->hourly).raw();
    row.monthly = shown(world.settings, price->monthly).raw();
  }
  return row;
}

}  // namespace

Money cost_of(const storage::SessionRow& session, net::Time until) {
  return hetzner::hourly_cost(rate_of(session.hourly, session.monthly), session.created,
                              session.ended.value_or(until));
}

Spent spent(Services& world, std::int64_t workspace, net::Time from, net::Time to) {
  Spent spent;
  const auto after = to + std::chrono::milliseconds(1);  // what has just begun counts
  for (const auto& session : world.storage.sessions.of(workspace, from, after))
    spent.servers += hourly_part(rate_of(session.hourly, session.monthly), session.created,
                                 session.ended.value_or(to), from, to);
  for (const auto& held : world.storage.holdings.of(workspace, from, after))
    spent.kept += kept_part(held, from, to);
  return spent;
}

hetzner::Money held_monthly(Services& world, std::int64_t workspace) {
  Money sum;
  for (const auto& held : world.storage.holdings.open())
    if (held.workspace == workspace) sum += Money::from_raw(held.monthly);
  return sum;
}

Money month_so_far(Services& world, std::int64_t workspace, net::Time now) {
  return spent(world, workspace, start_of_month(now), now).sum();
}

void hold_volume(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::Volume& volume,
                 net::Time since) {
  auto row = held_volume(world, offer, workspace, volume.id.value, volume.size_gb);
  row.since = since;
  world.storage.holdings.hold(row);
}

void hold_address(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::PrimaryIp& ip,
                  net::Time since) {
  auto row = held_address(world, offer, workspace, ip.id.value, ip.location);
  row.since = since;
  world.storage.holdings.hold(row);
}

void keep_volume(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::Volume& volume) {
  world.storage.database.write(storage::Commit::full, [&] {
    world.storage.workspaces.set_volume(workspace, volume.location, volume.id.value, volume.size_gb);
    hold_volume(world, offer, workspace, volume, volume.created);
  });
}

void keep_address(Services& world, const Offer& offer, std::int64_t workspace, const hetzner::PrimaryIp& ip) {
  world.storage.database.write(storage::Commit::full, [&] {
    world.storage.workspaces.set_ip(workspace, ip.location, ip.id.value, ip.ip);
    hold_address(world, offer, workspace, ip, ip.created);
  });
}

void price_holdings(Services& world, const Offer& offer) {
  const auto now = world.clock.now();
  world.storage.database.write(storage::Commit::normal, [&] {
    for (const auto& workspace : world.storage.workspaces.all()) {
      auto volume = held_volume(world, offer, workspace.id, workspace.volume_id, workspace.volume_gb);
      auto address = held_address(world, offer, workspace.id, workspace.ip_id, workspace.location);
      volume.since = address.since = now;
      if (workspace.volume_id != 0) world.storage.holdings.hold(volume);
      if (workspace.ip_id != 0) world.storage.holdings.hold(address);
    }
  });
}

}  // namespace commands
