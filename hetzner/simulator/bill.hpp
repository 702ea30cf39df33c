#pragma once
#include <nlohmann/json.hpp>

#include "hetzner/simulator/model.hpp"

namespace hetzner::simulator {

/// The bill at an instant of the billing clock: {currency, lines:[{resource,id,from,to,hours,amount}],
/// total}, net. Servers and addresses: started hours × hourly, capped per calendar month (UTC), a started
/// hour belongs to the month it began in. Volumes and snapshots: GB-months by the second. Each line is
/// rounded once, half to even, at ten decimals. `to` is null for what still exists.
nlohmann::json bill(const std::vector<Charge>& charges, const std::string& currency, net::Time until);

/// The amount of one line, in 1e-10, and its hours.
std::int64_t amount(const Charge& charge, net::Time until);
std::int64_t started_hours(net::Time from, net::Time to);

}  // namespace hetzner::simulator
