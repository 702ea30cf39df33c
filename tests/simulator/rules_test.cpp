#include <set>

#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

std::string path_of(const std::string& kind, const json& made) {
  return "/" + kind + "/" + made["id"].dump();
}

/// One of each thing that has a name, by its path's first part.
std::map<std::string, json> orders() {
  return {{"servers", Cloud::order("one")},
          {"volumes", {{"name", "one"}, {"size", 10}, {"location", "fsn1"}}},
          {"primary_ips", {{"name", "one"}, {"type", "ipv4"}, {"location", "fsn1"}}},
          {"firewalls", {{"name", "one"}}},
          {"networks", {{"name", "one"}, {"ip_range", "10.0.0.0/16"}}},
          {"placement_groups", {{"name", "one"}, {"type", "spread"}}}};
}

std::string singular(const std::string& kind) { return kind.substr(0, kind.size() - 1); }

json made(Cloud& cloud, const std::string& kind, const std::string& name) {
  auto order = orders().at(kind);
  order["name"] = name;
  const auto told = cloud.post("/" + kind, order);
  REQUIRE(told.status == 201);
  cloud.clock.advance(100s);
  return told.body.at(singular(kind));
}

}  // namespace

TEST_CASE("a name is given once in a project and kind, at the making and later, and to another one again") {
  Cloud cloud;
  for (const auto& [kind, order] : orders()) {
    INFO(kind);
    const auto first = path_of(kind, made(cloud, kind, "one"));
    const auto second = path_of(kind, made(cloud, kind, "two"));
    const auto again = cloud.post("/" + kind, order);
    CHECK(again.status == 409);
    CHECK(again.code() == "uniqueness_error");
    CHECK(again.field() == "name");
    CHECK(cloud.call("PUT", second, {{"name", "one"}}).status == 409);
    CHECK(cloud.call("PUT", second, {{"name", "two"}}).status == 200);
    CHECK(cloud.call("POST", "/" + kind, order, "second").status == 201);
    CHECK(cloud.call("GET", first, nullptr, "second").status == 404);
    CHECK(cloud.call("PUT", first, {{"name", "x"}}, "second").status == 404);
    CHECK(cloud.call("DELETE", first, nullptr, "second").status == 404);
    CHECK(cloud.call("GET", "/" + kind, nullptr, "second").body[kind].size() == 1);
  }
}

TEST_CASE(
    "making, changing and deleting answer with their own status, and a list with all of its pages' keys") {
  Cloud cloud;
  for (const auto& [kind, order] : orders()) {
    INFO(kind);
    const auto path = path_of(kind, made(cloud, kind, "one"));
    CHECK(cloud.call("PUT", path, {{"labels", {{"a", "1"}}}}).body[singular(kind)]["labels"] ==
          json{{"a", "1"}});
    CHECK(cloud.call("PUT", path, {{"colour", "red"}}).field() == "colour");
    const auto list = cloud.get("/" + kind + "?label_selector=a&colour=red&sort=id:asc");
    CHECK(list.body[kind].size() == 1);
    CHECK(list.body["meta"]["pagination"].size() == 6);
    const auto deleted = cloud.call("DELETE", path);
    CHECK(deleted.status == (kind == "servers" ? 200 : 204));
    CHECK(deleted.body.is_discarded() == (kind != "servers"));
    CHECK(cloud.call("DELETE", path).status == 404);
  }
}

TEST_CASE("what is protected is not deleted, and is when the protection ends") {
  Cloud cloud;
  for (const std::string kind : {"servers", "volumes", "primary_ips", "networks"}) {
    INFO(kind);
    const auto path = path_of(kind, made(cloud, kind, "one"));
    json on{{"delete", true}}, off{{"delete", false}};
    if (kind == "servers") on["rebuild"] = true, off["rebuild"] = false;
    const auto set = cloud.post(path + "/actions/change_protection", on);
    CHECK(set.status == 201);
    CHECK(set.body["action"]["command"] == "change_protection");
    CHECK(cloud.get(path).body[singular(kind)]["protection"] == on);
    const auto refused = cloud.call("DELETE", path);
    CHECK(refused.status == 423);
    CHECK(refused.code() == "protected");
    cloud.post(path + "/actions/change_protection", off);
    CHECK(cloud.call("DELETE", path).status < 300);
  }
  const auto image = "/images/" + cloud.get("/images?type=snapshot").body["images"][0]["id"].dump();
  CHECK(cloud.post(image + "/actions/change_protection", {{"delete", true}}).status == 201);
  CHECK(cloud.call("DELETE", image).code() == "protected");
  const json auto_deleted{{"name", "x"}, {"type", "ipv4"}, {"location", "fsn1"}, {"auto_delete", true}};
  const auto ip = path_of("primary_ips", cloud.post("/primary_ips", auto_deleted).body["primary_ip"]);
  CHECK(cloud.post(ip + "/actions/change_protection", {{"delete", true}}).field() == "delete");
}

TEST_CASE("types, images, places and keys are named by number, by name and by the digits of their number") {
  Cloud cloud;
  const auto id = [&](const std::string& path, const std::string& kind) {
    return cloud.get(path).body[kind][0]["id"];
  };
  const std::map<std::string, json> numbers{
      {"server_type", id("/server_types?name=cpx32", "server_types")},
      {"image", id("/images?name=debian-12&architecture=x86", "images")},
      {"location", id("/locations?name=fsn1", "locations")}};
  int count = 0;
  for (const auto& [field, number] : numbers)
    for (const auto& reference : {number, json(number.dump())}) {
      auto body = Cloud::order("box" + std::to_string(count++));
      body[field] = reference;
      body["ssh_keys"] = {field == "image" ? json("demo") : id("/ssh_keys", "ssh_keys")};
      CHECK(cloud.post("/servers", body).status == 201);
    }
  auto body = Cloud::order("box");
  body["ssh_keys"] = {"nobody"};
  CHECK(cloud.post("/servers", body).field() == "ssh_keys");
}

TEST_CASE("what is in a body's field is looked at, too") {
  Cloud cloud;
  const auto refused = [&](const std::string& field, const json& value) {
    auto body = Cloud::order("box");
    body[field] = value;
    return cloud.post("/servers", body).field();
  };
  CHECK(refused("public_net", {{"colour", "red"}}) == "public_net.colour");
  CHECK(refused("public_net", {{"enable_ipv4", "yes"}}) == "public_net.enable_ipv4");
  CHECK(refused("name", 7) == "name");
  CHECK(refused("start_after_create", "no") == "start_after_create");
  CHECK(refused("volumes", "home") == "volumes");
  CHECK(refused("networks", json::array({"lan"})) == "networks");
  CHECK(refused("firewalls", json::array({7})) == "firewalls");
  CHECK(refused("labels", "a=b") == "labels");
  CHECK(cloud.get("/servers").body["servers"].empty());
}

TEST_CASE("a query key may be repeated, and one that a list does not know is ignored") {
  Cloud cloud;
  const auto on = cloud.server("on"), off = cloud.server("off");
  cloud.post(off + "/actions/poweroff");
  cloud.clock.advance(2s);
  CHECK(cloud.get("/servers?status=running").body["servers"].size() == 1);
  CHECK(cloud.get("/servers?status=running&status=off").body["servers"].size() == 2);
  CHECK(cloud.get("/servers?colour=red&per_page=1").body["servers"].size() == 1);
  CHECK(cloud.get("/servers/actions?name=box&label_selector=a").body["actions"].size() == 5);
  CHECK(cloud.get("/server_types?sort=price&label_selector=a").body["server_types"].size() == 25);
  CHECK(cloud.get("/isos?sort=name:desc").status == 200);
}

TEST_CASE("lists are sorted by what their kind has, by the first key first") {
  Cloud cloud;
  for (const auto* name : {"b", "a"}) cloud.volume(name);
  const auto names = [&](const std::string& sort) {
    std::string all;
    const auto told = cloud.get("/volumes?" + sort).body;
    for (const auto& volume : told["volumes"]) all += volume["name"].get<std::string>();
    return all;
  };
  CHECK(names("") == "ba");
  CHECK(names("sort=name") == "ab");
  CHECK(names("sort=created:desc") == "ab");
  CHECK(names("sort=created:asc&sort=name:asc") == "ba");
  CHECK(names("sort=id:desc") == "ab");
  cloud.server("box");
  CHECK(cloud.get("/servers/actions?sort=command:desc").body["actions"][0]["command"] == "start_server");
  for (const auto* path : {"/volumes?sort=status", "/primary_ips?sort=name", "/ssh_keys?sort=created",
                           "/servers?sort=id:up", "/servers?sort=", "/servers/actions?sort=name"})
    CHECK(cloud.get(path).field() == "sort");
}

TEST_CASE("a page after the last is empty, and knows where it is") {
  Cloud cloud;
  cloud.volume("only");
  const auto page = cloud.get("/volumes?page=3&per_page=1").body;
  CHECK(page["volumes"].empty());
  CHECK(page["meta"]["pagination"]["total_entries"] == 1);
  CHECK(page["meta"]["pagination"]["last_page"] == 1);
  CHECK(page["meta"]["pagination"]["next_page"].is_null());
  for (const auto* bad : {"page=0", "page=x", "per_page=0", "per_page=-1"})
    CHECK(cloud.get("/volumes?" + std::string(bad)).status == 422);
}

TEST_CASE("a selector is one of the grammar's, or refused") {
  Cloud cloud;
  json labels{{"example.org/env", "a.b_c-d"}, {"empty", ""}};
  cloud.post("/volumes", {{"name", "v"}, {"size", 10}, {"location", "fsn1"}, {"labels", labels}});
  const auto asked = [&](const std::string& text) {
    return cloud.get("/volumes?" + net::encode_query({{"label_selector", text}}));
  };
  for (const auto* text :
       {"example.org/env=a.b_c-d", "example.org/env in (x,a.b_c-d)", "empty=", "empty",
        "example.org/env,!other", " empty , example.org/env != x ", "other notin (x,y)", ""})
    CHECK(asked(text).body["volumes"].size() == 1);
  for (const auto* text : {"empty=x", "!empty", "empty!=", "example.org/env notin (a.b_c-d)", "other in (x)"})
    CHECK(asked(text).body["volumes"].empty());
  for (const auto* text : {"=x", "a b", "a in x", "a in (x", "a=b=c", "a,,b", "a,", "!", "a>1", "-a", "a=-b",
                           "hetzner.cloud/x", "a in (x))"})
    CHECK(asked(text).field() == "label_selector");
}

TEST_CASE("labels end at 63 letters of a name or value and 253 of a prefix") {
  Cloud cloud;
  const auto path = path_of("volumes", cloud.volume("home"));
  const auto set = [&](const std::string& key, const std::string& value) {
    return cloud.call("PUT", path, {{"labels", {{key, value}}}}).status;
  };
  const std::string longest(63, 'a'), part = std::string(62, 'p') + ".";
  const auto prefix = part + part + part + part + "p";
  CHECK(set(longest, longest) == 200);
  CHECK(set(prefix + "/" + longest, "") == 200);
  CHECK(set(longest + "a", "") == 422);
  CHECK(set("p" + prefix + "/a", "") == 422);
  for (const auto* value : {"-a", "a-", "a b", "2026-11-25T09:00:00Z", "ä"}) CHECK(set("a", value) == 422);
  CHECK(cloud.call("PUT", path, {{"labels", {{"a", 1}}}}).field() == "labels");
}

TEST_CASE("an answer says what it is, and has a correlation of its own") {
  Cloud cloud;
  const auto made_volume = cloud.post("/volumes", {{"name", "v"}, {"size", 10}, {"location", "fsn1"}});
  cloud.clock.advance(1s);
  const auto gone = cloud.call("DELETE", path_of("volumes", made_volume.body["volume"]));
  const auto header = [](const Answer& answer, const char* name) {
    return net::find_header(answer.headers, name).value_or("none");
  };
  for (const auto& answer : {cloud.get("/locations"), cloud.get("/servers/7"), made_volume,
                             cloud.call("GET", "/servers", nullptr, "nobody"), cloud.get("/datacenters")})
    CHECK(header(answer, "Content-Type") == "application/json");
  CHECK(gone.status == 204);
  CHECK(header(gone, "Content-Type") == "none");
  std::set<std::string> correlations;
  for (int i = 0; i < 10; ++i) correlations.insert(header(cloud.get("/locations"), "X-Correlation-Id"));
  CHECK(correlations.size() == 10);
  const auto limit = std::stoll(header(gone, "RateLimit-Limit")),
             left = std::stoll(header(gone, "RateLimit-Remaining"));
  const auto now = std::chrono::floor<std::chrono::seconds>(cloud.clock.now()).time_since_epoch().count();
  CHECK(std::stoll(header(gone, "RateLimit-Reset")) == now + limit - left);
}

TEST_CASE("every action that is asked for is told, however many, and once") {
  Cloud cloud;
  std::string query;
  for (int i = 0; i < 60; ++i) {
    const auto told =
        cloud.post("/volumes", {{"name", "v" + std::to_string(i)}, {"size", 10}, {"location", "fsn1"}});
    query += "id=" + told.body["action"]["id"].dump() + "&";
  }
  const auto told = cloud.get("/actions?" + query + query).body;
  CHECK(told["actions"].size() == 60);
  CHECK(told["meta"]["pagination"]["total_entries"] == 60);
  CHECK(cloud.get("/actions?id=x").field() == "id");
}

TEST_CASE("an action is kept for minutes, however many others have begun") {
  Cloud cloud;
  const auto path = path_of("volumes", cloud.volume("home"));
  const auto first = cloud.post(path + "/actions/change_protection", {{"delete", true}}).body["action"]["id"];
  for (int i = 0; i < 400; ++i) cloud.post(path + "/actions/change_protection", {{"delete", true}});
  CHECK(cloud.get("/actions/" + first.dump()).status == 200);
  cloud.clock.advance(6min);
  cloud.post(path + "/actions/change_protection", {{"delete", true}});
  CHECK(cloud.get("/actions/" + first.dump()).status == 404);
}
