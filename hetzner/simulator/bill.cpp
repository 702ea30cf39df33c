#include "hetzner/simulator/bill.hpp"

#include <algorithm>

#include "hetzner/simulator/units.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;
using std::chrono::hours;
using std::chrono::seconds;

using std::chrono::days;
using std::chrono::floor;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month_day;

year_month_day month_of(net::Time time) {
  const year_month_day day(floor<days>(time));
  return day.year() / day.month() / 1;
}

net::Time next_month(net::Time time) { return sys_days(month_of(time) + months(1)); }

__int128 half_even(__int128 numerator, __int128 denominator) {
  const auto whole = numerator / denominator;
  const auto twice = (numerator % denominator) * 2;
  return whole + (twice > denominator || (twice == denominator && whole % 2 == 1) ? 1 : 0);
}

std::int64_t hourly_amount(const Charge& charge, net::Time to) {
  std::int64_t sum = 0;
  auto left = started_hours(charge.from, to);
  for (auto begin = charge.from; left > 0;) {
    const auto here = std::min(left, started_hours(begin, next_month(begin)));
    sum += std::min(here * charge.hourly, charge.monthly);
    left -= here;
    begin += hours(here);
  }
  return sum;
}

std::int64_t gb_month_amount(const Charge& charge, net::Time to) {
  // Months of 28 to 31 days over one denominator, so that nothing is rounded on the way.
  constexpr std::int64_t day = 86'400, common = 28LL * 29 * 30 * 31;
  __int128 sum = 0;
  for (auto begin = charge.from; begin < to;) {
    const auto end = std::min(to, next_month(begin));
    const auto in_month = (sys_days(month_of(begin) + months(1)) - sys_days(month_of(begin))).count();
    sum += static_cast<__int128>(floor<seconds>(end - begin).count()) * (common / in_month);
    begin = end;
  }
  const auto price = static_cast<__int128>(charge.monthly) * charge.micro_gb;
  return static_cast<std::int64_t>(half_even(price * sum, static_cast<__int128>(day) * common * 1'000'000));
}

}  // namespace

std::int64_t started_hours(net::Time from, net::Time to) {
  const auto passed = std::chrono::ceil<hours>(to - from).count();
  return std::max<std::int64_t>(1, passed);
}

std::int64_t amount(const Charge& charge, net::Time until) {
  const auto to = std::min(charge.to, until);
  return charge.micro_gb ? gb_month_amount(charge, to) : hourly_amount(charge, to);
}

json bill(const std::vector<Charge>& charges, const std::string& currency, net::Time until) {
  json lines = json::array();
  std::int64_t total = 0;
  for (const auto& charge : charges) {
    const auto to = std::min(charge.to, until);
    const auto sum = amount(charge, until);
    total += sum;
    lines.push_back({{"resource", charge.resource},
                     {"id", charge.id},
                     {"from", rfc3339(charge.from)},
                     {"to", charge.to == never ? json() : json(rfc3339(charge.to))},
                     {"hours", started_hours(charge.from, to)},
                     {"amount", decimal10(sum)}});
  }
  return {{"currency", currency}, {"lines", std::move(lines)}, {"total", decimal10(total)}};
}

}  // namespace hetzner::simulator
