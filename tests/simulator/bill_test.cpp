#include "hetzner/simulator/bill.hpp"

#include "hetzner/simulator/units.hpp"
#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;
using hetzner::simulator::amount;
using hetzner::simulator::Charge;
using hetzner::simulator::decimal10;
using hetzner::simulator::money;

namespace {

net::Time at(int month, int day, int hour = 0, int minute = 0) {
  return std::chrono::sys_days(std::chrono::year(2026) / month / day) + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

std::string cpx32(net::Time from, net::Time to) {
  Charge charge;
  charge.hourly = money("0.0569");
  charge.monthly = money("35.49");
  charge.from = from;
  return decimal10(amount(charge, to));
}

std::string volume(int size, net::Time from, net::Time to) {
  Charge charge;
  charge.monthly = money("0.0572");
  charge.micro_gb = size * 1'000'000LL;
  charge.from = from;
  return decimal10(amount(charge, to));
}

json lines(Cloud& cloud, const std::string& resource) {
  json found = json::array();
  const auto all_line = cloud.call("GET", "/_sim/bill?token=first").body["lines"];
  for (const auto& line : all_line)
    if (line["resource"] == resource) found.push_back(line);
  return found;
}

}  // namespace

TEST_CASE("every started hour counts") {
  CHECK(cpx32(at(11, 3, 9), at(11, 3, 9)) == "0.0569000000");
  CHECK(cpx32(at(11, 3, 9), at(11, 3, 10)) == "0.0569000000");
  CHECK(cpx32(at(11, 3, 9), at(11, 3, 17, 1)) == "0.5121000000");
}

TEST_CASE("a calendar month is capped") {
  CHECK(cpx32(at(11, 1), at(11, 1) + std::chrono::hours(623)) == "35.4487000000");
  CHECK(cpx32(at(11, 1), at(11, 1) + std::chrono::hours(624)) == "35.4900000000");
  CHECK(cpx32(at(11, 1), at(12, 1)) == "35.4900000000");
}

TEST_CASE("a started hour belongs to the month it began in") {
  // 23:30 to 00:30 is one hour, of October.
  CHECK(cpx32(at(10, 31, 23, 30), at(11, 1, 0, 30)) == "0.0569000000");
  // October is capped, what begins on November 1 at 00:30 is November's.
  CHECK(cpx32(at(10, 1, 0, 30), at(11, 1, 0, 31)) == "35.5469000000");
}

TEST_CASE("volumes cost their part of each month by the second") {
  CHECK(volume(20, at(11, 1), at(12, 1)) == "1.1440000000");
  CHECK(volume(20, at(2, 1), at(3, 1)) == "1.1440000000");
  CHECK(volume(10, at(11, 1), at(11, 2)) == "0.0190666667");
  CHECK(volume(10, at(10, 31), at(11, 2)) == "0.0375182796");
  CHECK(volume(10, at(11, 1), at(11, 1)) == "0.0000000000");
}

TEST_CASE("the bill keeps what was deleted and moves with its own clock only") {
  Cloud cloud;
  const auto path = cloud.server("box");
  CHECK(lines(cloud, "server")[0]["amount"] == "0.0569000000");
  cloud.call("POST", "/_sim/clock", {{"advance_s", 8 * 3600}});
  CHECK(lines(cloud, "server")[0]["hours"] == 9);
  CHECK(lines(cloud, "server")[0]["amount"] == "0.5121000000");
  CHECK(lines(cloud, "server")[0]["to"].is_null());
  cloud.call("DELETE", path);
  cloud.clock.advance(24h);
  CHECK(lines(cloud, "server")[0]["amount"] == "0.5121000000");
  CHECK(lines(cloud, "server")[0]["to"] == "2026-11-25T17:01:40Z");
  CHECK(lines(cloud, "primary_ip")[0]["to"] == "2026-11-26T17:01:40Z");
}

TEST_CASE("what is made after the billing clock was moved is made then") {
  Cloud cloud;
  cloud.call("POST", "/_sim/clock", {{"advance_s", 86400}});
  CHECK(cloud.volume("home")["created"] == "2026-11-26T09:00:00Z");
}

TEST_CASE("a grown volume is two lines, and the total is the sum") {
  Cloud cloud;
  const auto path = "/volumes/" + cloud.volume("home")["id"].dump();
  cloud.call("POST", "/_sim/clock", {{"advance_s", 86399}});
  cloud.post(path + "/actions/resize", {{"size", 20}});
  cloud.call("POST", "/_sim/clock", {{"advance_s", 86400}});
  const auto grown = lines(cloud, "volume");
  REQUIRE(grown.size() == 2);
  CHECK(grown[0]["amount"] == "0.0190666667");
  CHECK(grown[1]["amount"] == "0.0381333333");
  const auto bill = cloud.call("GET", "/_sim/bill?token=first").body;
  std::int64_t sum = 0;
  for (const auto& line : bill["lines"]) sum += money(line["amount"]);
  CHECK(bill["total"] == decimal10(sum));
}
