#include "hetzner/pricing.hpp"

#include <algorithm>
#include <cmath>

namespace hetzner {
namespace {

constexpr std::chrono::milliseconds hour = std::chrono::hours(1);

std::chrono::year_month month_of(Time time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  return day.year() / day.month();
}

Time start_of(std::chrono::year_month month) { return std::chrono::sys_days(month / 1); }

/// Hours that begin in [created, before).
std::int64_t hours_begun(Time created, Time before) {
  if (before <= created) return 0;
  return (before - created + hour - std::chrono::milliseconds(1)) / hour;
}

}  // namespace

Rate net_rate(const LocationPrice& price) { return {price.hourly.net, price.monthly.net}; }
Rate gross_rate(const LocationPrice& price) { return {price.hourly.gross, price.monthly.gross}; }

std::int64_t started_hours(Time created, Time until) {
  if (until < created) return 0;
  return std::max<std::int64_t>(1, hours_begun(created, until));
}

Time paid_until(Time created, Time now) {
  return created + std::max<std::int64_t>(1, started_hours(created, now)) * hour;
}

Money hourly_cost(const Rate& rate, Time created, Time until) {
  const auto hours = started_hours(created, until);
  Money cost;
  std::int64_t counted = 0;
  for (auto month = month_of(created); counted < hours; month += std::chrono::months(1)) {
    const auto by_month_end = std::min(hours, hours_begun(created, start_of(month + std::chrono::months(1))));
    cost += std::min(rate.hourly * (by_month_end - counted), rate.monthly);
    counted = by_month_end;
  }
  return cost;
}

Money pro_rata_cost(Money monthly, Time from, Time until) {
  Money cost;
  for (auto month = month_of(from); start_of(month) < until; month += std::chrono::months(1)) {
    const auto begin = start_of(month);
    const auto end = start_of(month + std::chrono::months(1));
    const auto part = std::min(end, until) - std::max(begin, from);
    if (part > std::chrono::milliseconds(0)) cost += monthly.scaled(part.count(), (end - begin).count());
  }
  return cost;
}

Money snapshot_monthly(Money gb_month, double image_size_gb) {
  constexpr int parts = 1'000'000;
  return gb_month.scaled(std::llround(image_size_gb * parts), parts);
}

}  // namespace hetzner
