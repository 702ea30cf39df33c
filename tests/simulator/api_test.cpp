#include <set>

#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

TEST_CASE("a token opens its own project, a read-only one for reading, another none") {
  Cloud cloud;
  const auto unknown = cloud.call("GET", "/servers", nullptr, "nobody");
  CHECK(unknown.status == 401);
  CHECK(unknown.code() == "unauthorized");
  cloud.volume("home");
  CHECK(cloud.call("GET", "/volumes", nullptr, "second").body["volumes"].empty());
  CHECK(cloud.call("GET", "/volumes", nullptr, "reader").body["volumes"].size() == 1);
  const auto write = cloud.call("POST", "/volumes", {{"name", "v"}}, "reader");
  CHECK(write.status == 403);
  CHECK(write.code() == "forbidden");
}

TEST_CASE("an unknown key of a body is refused by its name") {
  Cloud cloud;
  auto body = Cloud::order("box");
  body["labelkey"] = 1;
  const auto refused = cloud.post("/servers", body);
  CHECK(refused.status == 422);
  CHECK(refused.code() == "invalid_input");
  CHECK(refused.body["error"]["message"] == "invalid input: unknown field name 'labelkey'");
  CHECK(refused.field() == "labelkey");
  body.erase("labelkey");
  body["datacenter"] = "fsn1-dc14";
  CHECK(cloud.post("/servers", body).status == 422);
}

TEST_CASE("what is not JSON, not an object, not there or gone is told so") {
  Cloud cloud;
  CHECK(cloud.raw("POST", "/volumes", "{").code() == "json_error");
  CHECK(cloud.raw("POST", "/volumes", "[]").status == 400);
  CHECK(cloud.get("/nonesuch").status == 404);
  CHECK(cloud.get("/servers/1").code() == "not_found");
  CHECK(cloud.call("PATCH", "/servers").status == 405);
  const auto gone = cloud.get("/datacenters");
  CHECK(gone.status == 410);
  CHECK(gone.code() == "deprecated_api_endpoint");
}

TEST_CASE("every answer says how much is left, and the bucket refills by the second") {
  Cloud cloud;
  const auto header = [](const Answer& answer, const char* name) {
    return net::find_header(answer.headers, name).value_or("none");
  };
  auto answer = cloud.get("/locations");
  CHECK(header(answer, "RateLimit-Limit") == "3600");
  CHECK(header(answer, "RateLimit-Remaining") == "3599");
  const auto now = std::chrono::floor<std::chrono::seconds>(cloud.clock.now()).time_since_epoch().count();
  CHECK(header(answer, "RateLimit-Reset") == std::to_string(now + 1));
  CHECK(header(answer, "X-Correlation-Id").size() == 16);
  for (int i = 1; i < 3600; ++i) answer = cloud.get("/actions/1");
  CHECK(header(answer, "RateLimit-Remaining") == "0");
  CHECK(cloud.get("/locations").code() == "rate_limit_exceeded");
  CHECK(cloud.call("GET", "/locations", nullptr, "second").status == 200);
  cloud.clock.advance(1s);
  CHECK(cloud.get("/locations").status == 200);
  CHECK(cloud.get("/locations").status == 429);
}

TEST_CASE("lists come in pages of at most fifty, sorted as asked") {
  Cloud cloud;
  for (int i = 0; i < 60; ++i) cloud.volume("v" + std::to_string(i));
  const auto first = cloud.get("/volumes?per_page=100&sort=name:desc").body;
  CHECK(first["volumes"].size() == 50);
  CHECK(first["volumes"][0]["name"] == "v9");
  CHECK(first["meta"]["pagination"] == json{{"page", 1},
                                            {"per_page", 50},
                                            {"previous_page", nullptr},
                                            {"next_page", 2},
                                            {"last_page", 2},
                                            {"total_entries", 60}});
  const auto second = cloud.get("/volumes?per_page=50&page=2");
  CHECK(second.body["volumes"].size() == 10);
  CHECK(second.body["meta"]["pagination"]["previous_page"] == 1);
  CHECK(second.body["meta"]["pagination"]["next_page"].is_null());
  CHECK(net::find_header(second.headers, "Link").value_or("").find("rel=\"prev\"") != std::string::npos);
  CHECK(cloud.get("/volumes").body["volumes"].size() == 25);
  CHECK(cloud.get("/volumes?sort=size").status == 422);
  CHECK(cloud.get("/volumes?page=0").status == 422);
  CHECK(cloud.get("/volumes?name=v7").body["volumes"].size() == 1);
}

TEST_CASE("a label selector has the whole grammar") {
  Cloud cloud;
  const auto make = [&](const char* name, const json& labels) {
    cloud.post("/volumes", {{"name", name}, {"size", 10}, {"location", "fsn1"}, {"labels", labels}});
  };
  make("a", {{"env", "prod"}, {"owner", "alice"}});
  make("b", {{"env", "test"}});
  make("c", json::object());
  const auto chosen = [&](const std::string& selector) {
    const auto told = cloud.get("/volumes?" + net::encode_query({{"label_selector", selector}})).body;
    std::string names;
    for (const auto& volume : told["volumes"]) names += volume["name"].get<std::string>();
    return names;
  };
  CHECK(chosen("env=prod") == "a");
  CHECK(chosen("env==prod") == "a");
  CHECK(chosen("env!=prod") == "bc");
  CHECK(chosen("env") == "ab");
  CHECK(chosen("!env") == "c");
  CHECK(chosen("env in (prod,test)") == "ab");
  CHECK(chosen("env notin (prod)") == "bc");
  CHECK(chosen("env in (prod, test),owner=alice") == "a");
  CHECK(cloud.get("/volumes?label_selector=env%20within%20(a)").status == 422);
}

TEST_CASE("images are filtered by type, status, architecture and label") {
  Cloud cloud;
  const auto names = [&](const std::string& query) {
    std::set<std::string> found;
    const auto all_image = cloud.get("/images?" + query).body["images"];
    for (const auto& image : all_image) found.insert(image["description"]);
    return found;
  };
  CHECK(names("type=snapshot&status=available&architecture=x86&label_selector=os-flavor%3Dmanjaro-dev") ==
        std::set<std::string>{"manjaro-dev"});
  CHECK(names("type=snapshot&architecture=arm").empty());
  CHECK(names("name=debian-13") == std::set<std::string>{"Debian 13"});
  const auto newest = cloud.get("/images?type=snapshot&sort=created:desc").body["images"][0];
  CHECK(newest["created"] == "2026-11-23T09:00:00Z");
  CHECK(newest["labels"]["devbox-contract"] == "1");
  const auto path = "/images/" + newest["id"].dump();
  CHECK(cloud.call("PUT", path, {{"labels", {{"a", "b"}}}}).body["image"]["labels"] == json{{"a", "b"}});
  CHECK(cloud.call("DELETE", path).status == 204);
  CHECK(cloud.call("DELETE", path).status == 404);
}

TEST_CASE("types show prices, stock and retirement of each place") {
  Cloud cloud;
  CHECK(cloud.get("/server_types?name=cpx99").body["server_types"].empty());
  const auto cpx32 = cloud.get("/server_types?name=cpx32").body["server_types"][0];
  CHECK(cpx32["prices"][0]["location"] == "fsn1");
  CHECK(cpx32["prices"][0]["price_hourly"] == json{{"net", "0.0569000000"}, {"gross", "0.0677110000000000"}});
  CHECK(cpx32["locations"][0]["available"] == true);
  CHECK(cpx32["locations"][0]["deprecation"].is_null());
  const auto cpx31 = cloud.get("/server_types?name=cpx31").body["server_types"][0];
  for (const auto& place : cpx31["locations"]) {
    const bool american = place["name"] == "ash" || place["name"] == "hil";
    CHECK(place["available"] == american);
    CHECK(place["deprecation"].is_null() == american);
  }
  const auto all_place = cloud.get("/server_types?name=cax11").body["server_types"][0]["locations"];
  for (const auto& place : all_place) CHECK(place["available"] == false);
  const auto pricing = cloud.get("/pricing").body["pricing"];
  CHECK(pricing["currency"] == "EUR");
  CHECK(pricing["vat_rate"] == "19.0000000000");
  CHECK(pricing["volume"]["price_per_gb_month"]["net"] == "0.0572000000");
  CHECK(pricing["primary_ips"][0]["prices"][0]["price_hourly"]["net"] == "0.0008000000");
  CHECK(pricing["floating_ips"].size() == pricing["primary_ips"].size());  // hcloud-go counts on it
  CHECK(pricing["floating_ips"][0]["prices"][0] ==
        json{{"location", "fsn1"}, {"price_monthly", pricing["floating_ip"]["price_monthly"]}});
  CHECK(cloud.get("/locations?name=hel1").body["locations"][0]["network_zone"] == "eu-central");
}

TEST_CASE("ssh keys and firewalls are made, found and deleted") {
  Cloud cloud;
  const auto demo = cloud.get("/ssh_keys").body["ssh_keys"][0];
  CHECK(demo["name"] == "demo");
  const auto again = cloud.post("/ssh_keys", {{"name", "other"}, {"public_key", demo["public_key"]}});
  CHECK(again.status == 409);
  CHECK(
      cloud.get("/ssh_keys?fingerprint=" + demo["fingerprint"].get<std::string>()).body["ssh_keys"].size() ==
      1);
  CHECK(cloud.post("/ssh_keys", {{"name", "other"}, {"public_key", "nonsense"}}).field() == "public_key");
  const auto wall = cloud.post("/firewalls", {{"name", "wall"}, {"rules", json::array()}}).body["firewall"];
  auto body = Cloud::order("box");
  body["ssh_keys"] = {"demo"};
  body["firewalls"] = {{{"firewall", wall["id"]}}};
  const auto made = cloud.post("/servers", body);
  CHECK(made.body["root_password"].is_null());
  CHECK(cloud.call("DELETE", "/firewalls/" + wall["id"].dump()).code() == "resource_in_use");
  cloud.call("DELETE", "/servers/" + made.body["server"]["id"].dump());
  cloud.clock.advance(5s);
  CHECK(cloud.call("DELETE", "/firewalls/" + wall["id"].dump()).status == 204);
}

TEST_CASE("requests are logged and faults are played") {
  Cloud cloud;
  cloud.call("POST", "/_sim/faults", {{"method", "POST"}, {"path", "/v1/volumes"}, {"status", 412}});
  const auto faulted = cloud.post("/volumes", {{"name", "v"}, {"size", 10}, {"location", "fsn1"}});
  CHECK(faulted.code() == "resource_unavailable");
  CHECK(cloud.get("/volumes").body["volumes"].empty());
  const auto log = cloud.call("GET", "/_sim/requests").body;
  REQUIRE(log.size() == 2);
  CHECK(log[0]["path"] == "/v1/volumes");
  CHECK(log[0]["status"] == 412);
}
