#include "commands/ledger.hpp"

#include <ctime>
#include <iomanip>
#include <sstream>

#include "commands/times.hpp"
#include "tests/catch.hpp"
#include "tests/commands/alone.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::Alone;
using hetzner::Money;

namespace {

net::Time at(const std::string& day, net::Duration after = 0h) {
  std::istringstream in(day);
  std::tm parts{};
  in >> std::get_time(&parts, "%Y-%m-%d");
  return net::Time(std::chrono::seconds(::timegm(&parts))) + after;
}

/// What Hetzner asked for in fsn1 in November 2026, net.
Offer offer() {
  Offer offer;
  offer.pricing.currency = "EUR";
  offer.pricing.volume_gb_month.net = Money::parse("0.0572");
  hetzner::Pricing::PrimaryIpPrice ip;
  ip.type = "ipv4";
  ip.location = "fsn1";
  ip.hourly.net = Money::parse("0.0008");
  ip.monthly.net = Money::parse("0.50");
  offer.pricing.primary_ips.push_back(ip);
  return offer;
}

void add_session(Alone& alone, net::Time from, std::optional<net::Time> to) {
  storage::SessionRow row;
  row.server_id = storage::to_ms(from);
  row.workspace = alone.workspace;
  row.operation = alone.begun("up " + std::to_string(row.server_id)).id;
  row.type = "cpx32";
  row.location = "fsn1";
  row.hourly = Money::parse("0.0569").raw();
  row.monthly = Money::parse("35.49").raw();
  row.currency = "EUR";
  row.created = from;
  row.ended = to;
  alone.storage.sessions.add(row);
}

void add_kept(Alone& alone, net::Time since) {
  hetzner::Volume volume;
  volume.id.value = 1;
  volume.size_gb = 20;
  hold_volume(alone.world, offer(), alone.workspace, volume, since);
  hetzner::PrimaryIp ip;
  ip.id.value = 2;
  ip.location = "fsn1";
  hold_address(alone.world, offer(), alone.workspace, ip, since);
}

std::string servers(Alone& alone, net::Time from, net::Time to) {
  return spent(alone.world, alone.workspace, from, to).servers.text(4);
}
std::string kept(Alone& alone, net::Time from, net::Time to) {
  return spent(alone.world, alone.workspace, from, to).kept.text(4);
}

}  // namespace

TEST_CASE("cpx32 in fsn1 for nine started hours costs €0.5121") {
  Alone alone;
  add_session(alone, at("2026-11-10"), at("2026-11-10", 8h + 1min));
  CHECK(servers(alone, at("2026-11-01"), at("2026-12-01")) == "0.5121");
}

TEST_CASE("a month of one server costs its monthly price and no more") {
  Alone alone;
  add_session(alone, at("2026-11-01"), std::nullopt);
  CHECK(servers(alone, at("2026-11-01"), at("2026-11-01", 623h)) == "35.4487");
  CHECK(servers(alone, at("2026-11-01"), at("2026-11-01", 624h)) == "35.4900");
  CHECK(servers(alone, at("2026-11-01"), at("2026-12-01")) == "35.4900");
}

TEST_CASE("20 GB and an address cost €1.644 a month, whether a server runs or not") {
  Alone alone;
  add_kept(alone, at("2026-11-01"));
  CHECK(kept(alone, at("2026-11-01"), at("2026-12-01")) == "1.6440");
  CHECK(kept(alone, at("2026-12-01"), at("2027-01-01")) == "1.6440");
}

TEST_CASE("a volume is billed by the second, an address by the started hour") {
  Alone alone;
  add_kept(alone, at("2026-11-10"));
  // 1.144 × 36/720 h, 0.0008 × 36
  CHECK(kept(alone, at("2026-11-01"), at("2026-11-10", 36h)) == "0.0860");
}

TEST_CASE("across the end of a month each hour belongs to the month it began in, and the cap starts again") {
  Alone alone;
  add_session(alone, at("2026-11-30", 22h + 30min), at("2026-12-01", 2h));
  const auto november = servers(alone, at("2026-11-01"), at("2026-12-01"));
  const auto december = servers(alone, at("2026-12-01"), at("2027-01-01"));
  CHECK(november == "0.1138");  // 22:30 and 23:30
  CHECK(december == "0.1138");  // 00:30 and 01:30
  CHECK(servers(alone, at("2026-11-01"), at("2027-01-01")) == "0.2276");
}

TEST_CASE("parts of a time add up to the whole") {
  Alone alone;
  add_session(alone, at("2026-11-10", 20h), at("2026-11-12", 5h + 10min));
  add_kept(alone, at("2026-11-10", 19h));
  const auto day = [&](const std::string& from, const std::string& to) {
    return spent(alone.world, alone.workspace, at(from), at(to)).servers;
  };
  CHECK(day("2026-11-10", "2026-11-11") == Money::parse("0.0569") * 4);
  CHECK(day("2026-11-11", "2026-11-12") == Money::parse("0.0569") * 24);
  CHECK(day("2026-11-12", "2026-11-13") == Money::parse("0.0569") * 6);
  CHECK(day("2026-11-10", "2026-11-13") == Money::parse("0.0569") * 34);
}

TEST_CASE("a new price holds from the day it was read, and the old one stays for the time before") {
  Alone alone;
  alone.storage.workspaces.set_volume(alone.workspace, "fsn1", 1, 20);
  alone.storage.workspaces.set_ip(alone.workspace, "fsn1", 2, "203.0.113.1");
  add_kept(alone, at("2026-11-01"));
  auto dearer = offer();
  dearer.pricing.volume_gb_month.net = Money::parse("0.1144");
  alone.clock.advance(at("2026-11-16") - alone.clock.now());
  price_holdings(alone.world, dearer);
  price_holdings(alone.world, dearer);
  CHECK(alone.storage.holdings.open().size() == 2);
  CHECK(kept(alone, at("2026-11-01"), at("2026-12-01")) == "2.2160");  // 0.572 + 1.144 + 0.50
}

TEST_CASE("what is held no more costs nothing more") {
  Alone alone;
  add_kept(alone, at("2026-11-01"));
  alone.storage.holdings.end("volume", 1, at("2026-11-16"));
  alone.storage.holdings.end("ipv4", 2, at("2026-11-01", 10h));
  CHECK(kept(alone, at("2026-11-01"), at("2026-12-01")) == "0.5800");
  CHECK(kept(alone, at("2026-12-01"), at("2027-01-01")) == "0.0000");
}

TEST_CASE("a day begins at midnight in the person's zone, a month in UTC") {
  CHECK(start_of_day(at("2026-11-10", 23h), "Europe/Riga") == at("2026-11-10", 22h));
  CHECK(start_of_day(at("2026-11-10", 23h), "UTC") == at("2026-11-10"));
  CHECK(start_of_day(at("2026-11-10", 23h), "Mars/Olympus") == at("2026-11-10"));
  CHECK(start_of_month(at("2026-11-30", 23h)) == at("2026-11-01"));
  CHECK(month_name(at("2026-11-30", 23h)) == "November");
}
