#include "hetzner/money.hpp"

#include <nlohmann/json.hpp>

#include "tests/catch.hpp"

using hetzner::Money;
using hetzner::with_currency;

namespace {

std::int64_t raw(std::string_view text) { return Money::parse(text).raw(); }

}  // namespace

TEST_CASE("decimal strings of any length are parsed exactly") {
  CHECK(raw("0.0569000000") == 569'000'000);
  CHECK(raw("0.0569000000000000") == 569'000'000);
  CHECK(raw("1.0000") == Money::unit);
  CHECK(raw("35.49") == 354'900'000'000);
  CHECK(raw("7") == 7 * Money::unit);
  CHECK(raw("-0.5") == -Money::unit / 2);
  CHECK(raw("0.0000000001") == 1);
  CHECK(raw("000001.10") == 11'000'000'000);
  CHECK(raw("0." + std::string(200, '3')) == 3'333'333'333);
}

TEST_CASE("the eleventh decimal on is rounded half to even") {
  CHECK(raw("0.00000000014999") == 1);
  CHECK(raw("0.00000000015") == 2);
  CHECK(raw("0.00000000025") == 2);
  CHECK(raw("0.000000000250000000001") == 3);
  CHECK(raw("0.00000000026") == 3);
  CHECK(raw("-0.00000000025") == -2);
  CHECK(raw("0.99999999999") == Money::unit);
}

TEST_CASE("what is no amount of money is refused with its text") {
  for (const auto* text : {"", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1 ", "1,5", "0x1", "--1", "1.2.3",
                           "nan", "1.-5", "9223372036854775807", "1000000000"})
    CHECK_THROWS_AS(Money::parse(text), std::invalid_argument);
  CHECK_THROWS_WITH(Money::parse("1,5"), "\"1,5\" is no amount of money");
  CHECK(raw("922337203.6854775807") == INT64_MAX);
  CHECK_THROWS_AS(Money::parse("922337203.68547758075"), std::invalid_argument);
}

TEST_CASE("scaling is exact and rounds half to even once") {
  CHECK(Money::from_raw(10).scaled(1, 4).raw() == 2);
  CHECK(Money::from_raw(14).scaled(1, 4).raw() == 4);
  CHECK(Money::from_raw(11).scaled(1, 4).raw() == 3);
  CHECK(Money::from_raw(-10).scaled(1, 4).raw() == -2);
  CHECK(Money::from_raw(-14).scaled(1, 4).raw() == -4);
  CHECK(Money::from_raw(-11).scaled(1, 4).raw() == -3);
  CHECK(Money::parse("900000000").scaled(2'592'000'000, 2'592'000'000) == Money::parse("900000000"));
  CHECK(Money::parse("1.144").scaled(86'400, 30 * 86'400) == Money::parse("0.0381333333"));
  CHECK_THROWS_AS(Money::parse("900000000").scaled(2, 1), std::overflow_error);
  CHECK_THROWS_AS(Money::from_raw(1).scaled(1, 0), std::invalid_argument);
}

TEST_CASE("an amount is written with as many decimals as asked for") {
  CHECK(Money::parse("0.0569").text(4) == "0.0569");
  CHECK(Money::parse("0.0569").text(2) == "0.06");
  CHECK(Money::parse("0.5").text(0) == "0");
  CHECK(Money::parse("1.5").text(0) == "2");
  CHECK(Money::parse("0.125").text(2) == "0.12");
  CHECK(Money::parse("0.375").text(2) == "0.38");
  CHECK(Money::parse("-1.005").text(2) == "-1.00");
  CHECK(Money::parse("-0.001").text(2) == "0.00");
  CHECK(Money::from_raw(1).text(10) == "0.0000000001");
  CHECK(Money::from_raw(INT64_MIN).text(10) == "-922337203.6854775808");
}

TEST_CASE("currencies are written the way people do") {
  const auto amount = Money::parse("1.2");
  CHECK(with_currency(amount, "EUR", 2) == "€1.20");
  CHECK(with_currency(amount, "USD", 2) == "$1.20");
  CHECK(with_currency(amount, "CHF", 2) == "1.20 CHF");
  CHECK(with_currency(Money() - amount, "EUR", 2) == "-€1.20");
}

TEST_CASE("money is a whole number in the journal") {
  const nlohmann::json stored = Money::parse("0.0569");
  CHECK(stored.dump() == "569000000");
  CHECK(stored.get<Money>() == Money::parse("0.0569"));
}
