#pragma once
#include <compare>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace hetzner {

/// An amount in 1e-10 of the account's currency, ± 922 million: exact for the API's ten decimals.
class Money {
 public:
  static constexpr std::int64_t unit = 10'000'000'000;
  constexpr Money() = default;
  static constexpr Money from_raw(std::int64_t raw) {
    Money m;
    m.raw_ = raw;
    return m;
  }
  /// "0.0569000000", any number of decimals; the eleventh on is rounded half to even. Throws
  /// std::invalid_argument on anything else.
  static Money parse(std::string_view decimal);

  [[nodiscard]] constexpr std::int64_t raw() const { return raw_; }
  constexpr auto operator<=>(const Money&) const = default;
  constexpr Money operator+(Money other) const { return from_raw(raw_ + other.raw_); }
  constexpr Money operator-(Money other) const { return from_raw(raw_ - other.raw_); }
  constexpr Money& operator+=(Money other) {
    raw_ += other.raw_;
    return *this;
  }
  /// Whole multiples: started hours, gigabytes.
  constexpr Money operator*(std::int64_t times) const { return from_raw(raw_ * times); }
  /// This × numerator / denominator, in 128 bits, rounded half to even once.
  [[nodiscard]] Money scaled(std::int64_t numerator, std::int64_t denominator) const;
  /// "0.0569" for 4 decimals, rounded half to even.
  [[nodiscard]] std::string text(int decimals) const;

 private:
  std::int64_t raw_ = 0;
};

void to_json(nlohmann::json& json, const Money& money);  ///< the raw integer
void from_json(const nlohmann::json& json, Money& money);

/// "€0.0569", "$1.20"; an unknown currency is written "1.20 CHF".
std::string with_currency(Money amount, std::string_view currency, int decimals);

}  // namespace hetzner
