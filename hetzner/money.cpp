#include "hetzner/money.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace hetzner {
namespace {

constexpr int decimals_kept = 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::int64_t narrow(__int128 value) {
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
    throw std::overflow_error("an amount of money is too large");
  return static_cast<std::int64_t>(value);
}

/// dividend / divisor, rounded half to even; divisor > 0.
__int128 divided(__int128 dividend, __int128 divisor) {
  auto quotient = dividend / divisor;
  const auto rest = dividend % divisor;
  const auto size = rest < 0 ? -rest : rest;
  const auto other = divisor - size;
  if (size > other || (size == other && quotient % 2 != 0)) quotient += dividend < 0 ? -1 : 1;
  return quotient;
}

/// Whether the decimals that are cut off push the last kept digit up.
bool rounds_up(std::string_view cut, bool last_is_odd) {
  if (cut.empty() || cut[0] < '5') return false;
  if (cut[0] > '5') return true;
  const bool exact_half = cut.find_first_not_of('0', 1) == std::string_view::npos;
  return !exact_half || last_is_odd;
}

std::invalid_argument not_money(std::string_view text) {
  return std::invalid_argument("\"" + std::string(text.substr(0, 60)) + "\" is no amount of money");
}

}  // namespace

Money Money::parse(std::string_view decimal) {
  auto rest = decimal;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const auto point = std::min(rest.find('.'), rest.size());
  const auto whole = rest.substr(0, point);
  const auto fraction = point < rest.size() ? rest.substr(point + 1) : std::string_view();
  const bool well_formed = !whole.empty() && (point == rest.size() || !fraction.empty()) &&
                           std::all_of(whole.begin(), whole.end(), is_digit) &&
                           std::all_of(fraction.begin(), fraction.end(), is_digit);
  if (!well_formed) throw not_money(decimal);

  constexpr __int128 limit = std::numeric_limits<std::int64_t>::max();
  __int128 raw = 0;
  const auto take = [&](int digit) {
    raw = raw * 10 + digit;
    if (raw > limit) throw not_money(decimal);
  };
  for (const char c : whole) take(c - '0');
  for (std::size_t i = 0; i < decimals_kept; ++i) take(i < fraction.size() ? fraction[i] - '0' : 0);
  const auto cut = fraction.size() > decimals_kept ? fraction.substr(decimals_kept) : std::string_view();
  if (rounds_up(cut, raw % 2 != 0)) ++raw;
  if (raw > limit) throw not_money(decimal);
  return from_raw(static_cast<std::int64_t>(negative ? -raw : raw));
}

Money Money::scaled(std::int64_t numerator, std::int64_t denominator) const {
  if (denominator <= 0) throw std::invalid_argument("money is scaled by a denominator above zero");
  return from_raw(narrow(divided(static_cast<__int128>(raw_) * numerator, denominator)));
}

std::string Money::text(int decimals) const {
  decimals = std::clamp(decimals, 0, decimals_kept);
  std::int64_t step = 1;
  for (int i = decimals; i < decimals_kept; ++i) step *= 10;
  auto rounded = divided(raw_, step);
  const bool negative = rounded < 0;
  if (negative) rounded = -rounded;
  auto digits = std::to_string(static_cast<std::uint64_t>(rounded));
  const auto least = static_cast<std::size_t>(decimals) + 1;
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - static_cast<std::size_t>(decimals), 1, '.');
  return negative ? "-" + digits : digits;
}

void to_json(nlohmann::json& json, const Money& money) { json = money.raw(); }
void from_json(const nlohmann::json& json, Money& money) {
  money = Money::from_raw(json.get<std::int64_t>());
}

std::string with_currency(Money amount, std::string_view currency, int decimals) {
  auto text = amount.text(decimals);
  const std::string_view sign = currency == "EUR" ? "€" : currency == "USD" ? "$" : "";
  if (sign.empty()) return text + " " + std::string(currency);
  text.insert(text.starts_with('-') ? 1 : 0, sign);
  return text;
}

}  // namespace hetzner
