#include "hetzner/types.hpp"

#include "hetzner/error.hpp"
#include "tests/catch.hpp"
#include "tests/hetzner/at.hpp"

using Catch::Matchers::Contains;
using hetzner::Money;
using hetzner::Time;
using nlohmann::json;

namespace {

const auto created_server = json::parse(R"({"id":117748834,"name":"devbox-alice","status":"initializing",
  "locked":true,"created":"2026-11-23T09:00:00Z","public_net":{"ipv4":{"id":110630586,"ip":"203.0.113.10",
  "blocked":false,"dns_ptr":"static.10.113.0.203.clients.your-server.de"},"ipv6":{"id":110630587,
  "ip":"2001:db8:1::/64","blocked":false,"dns_ptr":[]},"floating_ips":[],"firewalls":[]},
  "server_type":{"id":104,"name":"cpx32"},"location":{"id":1,"name":"fsn1","network_zone":"eu-central"},
  "volumes":[4711],"labels":{"devbox-bot":"devbox"},"protection":{"delete":false,"rebuild":false}})");

const auto cpx32_json =
    json::parse(R"({"id":109,"name":"cpx32","description":"CPX 32","category":"regular_purpose",
  "cores":4,"memory":8.0,"disk":160,"storage_type":"local","cpu_type":"shared","architecture":"x86",
  "prices":[{"location":"fsn1","price_hourly":{"net":"0.0569000000","gross":"0.0677110000000000"},
  "price_monthly":{"net":"35.4900000000","gross":"42.2331000000000000"},"included_traffic":21990232555520,
  "price_per_tb_traffic":{"net":"1.0000000000","gross":"1.1900000000000000"}}],
  "locations":[{"id":1,"name":"fsn1","recommended":true,"available":true,"deprecation":null},
  {"id":2,"name":"nbg1","recommended":false,"available":false,"deprecation":null},
  {"id":3,"name":"hel1","recommended":false,"available":true,"deprecation":
  {"announced":"2025-10-16T06:00:00Z","unavailable_after":"2025-12-31T23:59:59Z"}}]})");

}  // namespace

TEST_CASE("a created server is read with its address, volumes and labels") {
  const auto server = created_server.get<hetzner::Server>();
  CHECK(server.id.value == 117748834);
  CHECK(server.name == "devbox-alice");
  CHECK(server.status == "initializing");
  CHECK(server.server_type == "cpx32");
  CHECK(server.location == "fsn1");
  CHECK(server.ipv4 == "203.0.113.10");
  REQUIRE(server.volumes.size() == 1);
  CHECK(server.volumes[0].value == 4711);
  CHECK(server.created == at("2026-11-23T09:00:00Z"));
  CHECK(server.labels == hetzner::Labels{{"devbox-bot", "devbox"}});
}

TEST_CASE("what may be missing, null or PHP's empty list does not fail") {
  auto odd = created_server;
  odd["labels"] = json::array();
  odd["public_net"]["ipv4"] = nullptr;
  odd["volumes"] = nullptr;
  odd["location"] = nullptr;
  odd.erase("server_type");
  odd.erase("status");
  const auto server = odd.get<hetzner::Server>();
  CHECK(server.labels.empty());
  CHECK_FALSE(server.ipv4);
  CHECK(server.volumes.empty());
  CHECK(server.location.empty());
  CHECK(server.status.empty());

  const auto image = json::parse(R"({"id":1,"name":null,"image_size":null,"labels":{"a":null}})");
  const auto read = image.get<hetzner::Image>();
  CHECK_FALSE(read.name);
  CHECK(read.image_size_gb == 0);
  CHECK(read.labels == hetzner::Labels{{"a", ""}});
  CHECK(json::parse(R"({"id":1,"name":"v"})").get<hetzner::Volume>().server == std::nullopt);
}

TEST_CASE("what must be there fails with a sentence that names it") {
  auto odd = created_server;
  odd["id"] = "117748834";
  CHECK_THROWS_AS(odd.get<hetzner::Server>(), hetzner::Unavailable);
  CHECK_THROWS_WITH(odd.get<hetzner::Server>(), "Hetzner's answer cannot be read: \"id\" is not an integer");
  odd = created_server;
  odd.erase("created");
  CHECK_THROWS_WITH(odd.get<hetzner::Server>(), Contains("\"created\" is not there"));
  odd = created_server;
  odd["volumes"] = json::array({nullptr});
  CHECK_THROWS_WITH(odd.get<hetzner::Server>(), Contains("\"volumes\" is not"));
  CHECK_THROWS_WITH(json(nullptr).get<hetzner::Volume>(), Contains("\"id\" is not there"));
  odd = cpx32_json;
  odd["prices"][0]["price_hourly"]["net"] = "free";
  CHECK_THROWS_WITH(odd.get<hetzner::ServerType>(), Contains("\"net\" is not an amount of money"));
  CHECK_THROWS_WITH(json::parse(R"({"id":1,"labels":["a"]})").get<hetzner::Image>(), Contains("\"labels\""));
}

TEST_CASE("both ways to write a time are read, and nothing else") {
  CHECK(at("2024-06-06T00:00:00+00:00") == at("2024-06-06T00:00:00Z"));
  CHECK(at("2026-11-23T10:30:00+01:30") == at("2026-11-23T09:00:00Z"));
  CHECK(at("2026-11-23T08:00:00-01:00") == at("2026-11-23T09:00:00Z"));
  CHECK(at("1970-01-01T00:00:00.0429999Z").time_since_epoch().count() == 42);
  CHECK(at("2026-11-23T09:00:00Z").time_since_epoch().count() == 1795424400000);
  for (const auto* text :
       {"", "2026-11-23", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T09:00:00",
        "2026-11-23T09:00Z", "2026-11-23T09:00:00Zx", "26-11-23T09:00:00Z", "2026-11-23T-1:00:00Z"})
    CHECK_FALSE(hetzner::reading::parse_time(text));
}

TEST_CASE("a server type is orderable where it is available and not past its end") {
  const auto type = cpx32_json.get<hetzner::ServerType>();
  CHECK(type.cores == 4);
  CHECK(type.memory_gb == 8);
  CHECK(type.disk_gb == 160);
  REQUIRE(type.price_in("fsn1"));
  CHECK(type.price_in("fsn1")->hourly.net == Money::parse("0.0569"));
  CHECK(type.price_in("fsn1")->monthly.gross == Money::parse("42.2331"));
  CHECK_FALSE(type.price_in("ash"));
  const auto now = at("2026-11-23T09:00:00Z");
  CHECK(type.is_orderable("fsn1", now));
  CHECK_FALSE(type.is_orderable("nbg1", now));
  CHECK_FALSE(type.is_orderable("hel1", now));
  CHECK(type.is_orderable("hel1", at("2025-11-01T00:00:00Z")));
  CHECK_FALSE(type.is_orderable("ash", now));
}

TEST_CASE("an address belongs to a server only when its assignee is one") {
  auto ip = json::parse(R"({"id":5,"name":"ak IPv4","type":"ipv4","ip":"203.0.113.10","assignee_id":null,
    "assignee_type":"unassigned","auto_delete":false,"blocked":false,"created":"2026-11-23T09:00:00Z",
    "location":{"id":1,"name":"fsn1"},"dns_ptr":[],"labels":[],"protection":{"delete":true}})");
  CHECK_FALSE(ip.get<hetzner::PrimaryIp>().assignee);
  CHECK(ip.get<hetzner::PrimaryIp>().delete_protected);
  CHECK(ip.get<hetzner::PrimaryIp>().location == "fsn1");
  ip["assignee_id"] = 7;
  ip["assignee_type"] = "server";
  CHECK(ip.get<hetzner::PrimaryIp>().assignee == hetzner::ServerId{7});
  ip["assignee_type"] = "load_balancer";
  CHECK_FALSE(ip.get<hetzner::PrimaryIp>().assignee);
}

TEST_CASE("an action keeps its 15-digit id and an error without a message") {
  const auto action = json::parse(R"({"id":606028482673874,"command":"attach_volume","status":"error",
    "progress":100,"error":{"code":"action_failed","message":null}})")
                          .get<hetzner::Action>();
  CHECK(action.id.value == 606028482673874);
  CHECK(action.error_code == "action_failed");
  CHECK(action.error_message.empty());
  CHECK_FALSE(action.is_running());
}

TEST_CASE("prices that are not on a server type are read per location") {
  const auto pricing = json::parse(R"({"currency":"EUR","vat_rate":"19.00",
    "image":{"price_per_gb_month":{"net":"0.0143","gross":"0.017017"}},
    "volume":{"price_per_gb_month":{"net":"0.0572","gross":"0.068068"}},
    "primary_ips":[{"type":"ipv4","prices":[{"location":"fsn1","price_hourly":{"net":"0.0008","gross":"0.00095"},
    "price_monthly":{"net":"0.5000","gross":"0.595"}}]},{"type":"ipv6","prices":[]}]})")
                           .get<hetzner::Pricing>();
  CHECK(pricing.currency == "EUR");
  CHECK(pricing.volume_gb_month.net == Money::parse("0.0572"));
  CHECK(pricing.image_gb_month.gross == Money::parse("0.017017"));
  REQUIRE(pricing.primary_ips.size() == 1);
  CHECK(pricing.primary_ips[0].type == "ipv4");
  CHECK(pricing.primary_ips[0].location == "fsn1");
  CHECK(pricing.primary_ips[0].monthly.net == Money::parse("0.5"));
}

TEST_CASE("an error's sentence has the message, the code and what it is about") {
  const hetzner::ApiError named(409, "uniqueness_error", "server name is already used", "name");
  CHECK(std::string(named.what()) == "Hetzner refused: server name is already used (uniqueness_error: name)");
  const hetzner::ApiError mute(500, "server_error", "");
  CHECK(std::string(mute.what()) == "Hetzner refused: server_error");
  const hetzner::ActionFailed failed("attach_volume", "action_failed", "");
  CHECK(std::string(failed.what()) == "Hetzner's action attach_volume failed: action_failed");
}
