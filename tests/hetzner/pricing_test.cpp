#include "hetzner/pricing.hpp"

#include "tests/catch.hpp"
#include "tests/hetzner/at.hpp"

using namespace std::chrono_literals;
using hetzner::hourly_cost;
using hetzner::Money;
using hetzner::paid_until;
using hetzner::pro_rata_cost;
using hetzner::Rate;
using hetzner::started_hours;
using hetzner::Time;

namespace {

Money money(std::string_view text) { return Money::parse(text); }

/// cpx32 in fsn1, autumn 2026.
const Rate cpx32{money("0.0569"), money("35.49")};
const Rate ipv4{money("0.0008"), money("0.50")};
const Time monday = at("2026-11-02T09:00:00Z");

}  // namespace

TEST_CASE("a started hour is paid whole and an exact hour is one") {
  CHECK(started_hours(monday, monday) == 1);
  CHECK(started_hours(monday, monday + 1s) == 1);
  CHECK(started_hours(monday, monday + 1h) == 1);
  CHECK(started_hours(monday, monday + 1h + 1ms) == 2);
  CHECK(started_hours(monday, monday - 1ms) == 0);
  CHECK(hourly_cost(cpx32, monday, monday + 1s) == money("0.0569"));
  CHECK(hourly_cost(cpx32, monday, monday + 1h) == money("0.0569"));
  CHECK(hourly_cost(cpx32, monday, monday - 1h) == Money());
}

TEST_CASE("a working day of cpx32 costs nine started hours") {
  CHECK(hourly_cost(cpx32, monday, monday + 8h + 20min) == money("0.5121"));
  CHECK(hourly_cost(cpx32, monday, monday + 9h) == money("0.5121"));
}

TEST_CASE("down and up within an hour pays two hours") {
  const auto first = hourly_cost(cpx32, monday, monday + 10min);
  CHECK(first + hourly_cost(cpx32, monday + 20min, monday + 50min) == money("0.1138"));
}

TEST_CASE("after 624 hours of a month nothing more is paid") {
  const auto november = at("2026-11-01T00:00:00Z");
  CHECK(hourly_cost(cpx32, november, november + 623h) == money("35.4487"));
  CHECK(hourly_cost(cpx32, november, november + 624h) == money("35.49"));
  CHECK(hourly_cost(cpx32, november, november + 720h) == money("35.49"));
  CHECK(hourly_cost(cpx32, november, november + 721h) == money("35.5469"));
}

TEST_CASE("an hour belongs to the month in which it began") {
  // Hours begin at 22:30 and 23:30 in November and at 0:30 in December.
  const auto evening = at("2026-11-30T22:30:00Z");
  CHECK(hourly_cost(cpx32, evening, at("2026-12-01T01:00:00Z")) == money("0.0569") * 3);
  const Rate capped{money("1"), money("1.5")};
  CHECK(hourly_cost(capped, evening, at("2026-12-01T00:30:00Z")) == money("1.5"));
  CHECK(hourly_cost(capped, evening, at("2026-12-01T00:31:00Z")) == money("2.5"));
  // The hour that begins with the month is the new month's.
  CHECK(hourly_cost(capped, at("2026-11-30T22:00:00Z"), at("2026-12-01T00:00:01Z")) == money("2.5"));
}

TEST_CASE("each month of a long session is capped by itself, over a year's end") {
  const auto cost = hourly_cost(cpx32, at("2026-11-01T00:00:00Z"), at("2027-02-01T00:00:00Z"));
  CHECK(cost == money("35.49") * 3);
}

TEST_CASE("what is paid lasts to the end of the started hour") {
  CHECK(paid_until(monday, monday) == monday + 1h);
  CHECK(paid_until(monday, monday + 59min) == monday + 1h);
  CHECK(paid_until(monday, monday + 1h) == monday + 1h);
  CHECK(paid_until(monday, monday + 1h + 1s) == monday + 2h);
  CHECK(paid_until(monday, monday - 2s) == monday + 1h);
}

TEST_CASE("what stays while the server is gone costs 1.644 a month") {
  const auto begin = at("2026-11-01T00:00:00Z");
  const auto end = at("2026-12-01T00:00:00Z");
  const auto volume = pro_rata_cost(money("0.0572") * 20, begin, end);
  CHECK(volume == money("1.144"));
  CHECK(volume + hourly_cost(ipv4, begin, end) == money("1.644"));
}

TEST_CASE("a volume is paid pro rata of each month's own length") {
  const auto monthly = money("1.144");
  CHECK(pro_rata_cost(monthly, at("2026-11-01T00:00:00Z"), at("2026-11-16T00:00:00Z")) == money("0.572"));
  CHECK(pro_rata_cost(monthly, at("2027-02-01T00:00:00Z"), at("2027-02-15T00:00:00Z")) == money("0.572"));
  CHECK(pro_rata_cost(monthly, at("2026-11-16T00:00:00Z"), at("2027-01-01T00:00:00Z")) == money("1.716"));
  CHECK(pro_rata_cost(monthly, monday, monday + 1s) == Money::from_raw(4414));
  CHECK(pro_rata_cost(monthly, monday, monday) == Money());
  CHECK(pro_rata_cost(monthly, monday, monday - 1s) == Money());
}

TEST_CASE("a snapshot is paid by its compressed size") {
  CHECK(hetzner::snapshot_monthly(money("0.0143"), 8) == money("0.1144"));
  CHECK(hetzner::snapshot_monthly(money("0.0143"), 2.3) == money("0.03289"));
}

TEST_CASE("net and gross are two rates of one price") {
  hetzner::LocationPrice price;
  price.hourly = {money("0.0569"), money("0.067711")};
  price.monthly = {money("35.49"), money("42.2331")};
  CHECK(hetzner::net_rate(price).hourly == money("0.0569"));
  CHECK(hetzner::gross_rate(price).monthly == money("42.2331"));
}
