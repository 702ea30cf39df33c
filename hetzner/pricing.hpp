#pragma once
#include "hetzner/money.hpp"
#include "hetzner/types.hpp"

/// What things cost, by Hetzner's rules (https://docs.hetzner.com/cloud/billing/faq). Months are calendar
/// months in UTC. There is no invoice API: every result is an estimate, net or gross as the prices given.
namespace hetzner {

/// One side of an hourly price and the most that a calendar month costs.
struct Rate {
  Money hourly;
  Money monthly;
};
Rate net_rate(const LocationPrice& price);
Rate gross_rate(const LocationPrice& price);

/// Started hours of something that exists from `created` to `until`: an hour that has begun counts whole,
/// the first at once (until == created is 1), an exact hour is 1. 0 when `until` lies before `created`.
std::int64_t started_hours(Time created, Time until);

/// End of the started hour that `now` lies in: until then, leaving it running costs nothing more.
Time paid_until(Time created, Time now);

/// A server, whatever its power state, or a Primary IP, assigned or not: per calendar month the smaller of
/// started hours × hourly and the monthly price. A started hour belongs to the month in which it began.
Money hourly_cost(const Rate& rate, Time created, Time until);

/// Something priced by the month that exists from `from` to `until`: pro rata of each calendar month,
/// rounded half to even once a month. `monthly` of a volume is size_gb × the price per GB and month;
/// detached volumes cost the same.
Money pro_rata_cost(Money monthly, Time from, Time until);

/// A snapshot's price a month: its compressed size, which the API gives in fractions of a GB.
Money snapshot_monthly(Money gb_month, double image_size_gb);

}  // namespace hetzner
