#include "hetzner/cloud.hpp"

#include "tests/catch.hpp"
#include "tests/hetzner/objects.hpp"
#include "tests/hetzner/scripted.hpp"

using Catch::Matchers::Contains;
using hetzner::ApiError;
using hetzner::Attempt;
using hetzner::CreatedServer;
using hetzner::OutcomeUnknown;
using net::Delivery;
using nlohmann::json;
using namespace objects;

namespace {

/// How often the user-data was asked for; each time it is another text, as a new tailnet key makes it.
struct Key {
  int minted = 0;
  hetzner::Cloud::UserData user_data = [this]() -> net::awaitable<std::string> {
    ++minted;
    co_return "key " + std::to_string(minted);
  };
};

CreatedServer up(Scripted& world, Key& key, Attempt attempt = Attempt::first) {
  return run(world.io, world.cloud.ensure_server(server_spec(), attempt, key.user_data));
}
hetzner::Volume volume(Scripted& world, Attempt attempt = Attempt::first) {
  return run(world.io, world.cloud.ensure_volume(volume_spec(), attempt));
}

const auto no_server = answer(200, {{"servers", json::array()}});
const auto taken = refusal(409, "uniqueness_error", naming("fields", "name"));
const std::string look_server = "GET /servers?name=devbox-alice&per_page=50";
const std::string look_by_labels =
    "GET /servers?label_selector=devbox-bot%3Ddevbox%2Cdevbox-operation%3D0123456789abcdef&per_page=50";
const std::string look_volume = "GET /volumes?name=devbox-alice&per_page=50";

}  // namespace

TEST_CASE("a cold up is five requests besides polls") {
  Scripted world(
      {answer(200, {{"server_types", json::array()}}), answer(200, {{"images", json::array()}}),
       answer(201, {{"volume", a_volume()}, {"action", action(1, "create_volume", "success")}}),
       answer(201, {{"primary_ip", an_ip()}, {"action", nullptr}}), created(),
       page("actions", {action(11, "create_server", "success"), action(12, "start_server", "success"),
                        action(13, "attach_volume", "success")})});
  Key key;
  run(world.io, world.cloud.server_types());
  run(world.io, world.cloud.snapshots("debian"));
  CHECK(volume(world).id.value == 4711);
  CHECK(run(world.io, world.cloud.ensure_primary_ip(ip_spec(), Attempt::first)).ip == "203.0.113.10");
  const auto server = up(world, key);
  run(world.io, world.cloud.until_running(server, {4711}));
  CHECK(world.asked == Asked{"GET /server_types?per_page=50",
                             "GET "
                             "/images?type=snapshot&status=available&label_selector=os-flavor%3Ddebian&sort="
                             "created%3Adesc&per_page=50",
                             "POST /volumes", "POST /primary_ips", "POST /servers",
                             "GET /actions?id=11&id=12&id=13"});
  CHECK(world.body(2) ==
        json{{"name", "devbox-alice"}, {"size", 20}, {"location", "fsn1"}, {"labels", ours}});
  CHECK(world.body(3) == json{{"name", "devbox-alice"},
                              {"type", "ipv4"},
                              {"location", "fsn1"},
                              {"auto_delete", false},
                              {"labels", ours}});
  CHECK(world.body(4) ==
        json::parse(R"({"name":"devbox-alice","server_type":"cpx32","location":"fsn1","image":99,
    "ssh_keys":[7],"volumes":[4711],"automount":false,"user_data":"key 1","labels":{"devbox-bot":"devbox",
    "devbox-operation":"0123456789abcdef"},"firewalls":[{"firewall":38}],"public_net":{"enable_ipv4":true,
    "ipv4":5,"enable_ipv6":true},"start_after_create":true})"));
}

TEST_CASE("a created server is remembered with its actions and comes back from the journal") {
  Scripted world({created()});
  Key key;
  const auto server = up(world, key);
  CHECK(server.id.value == 42);
  CHECK(server.ipv4 == "203.0.113.10");
  CHECK(server.volume_attached);
  const json stored = server;
  CHECK(stored.dump() == R"({"actions":[11,12,13],"created":1795424400000,"id":42,"ipv4":"203.0.113.10",)"
                         R"("name":"devbox-alice","server_type":"","volume_attached":true})");
  const auto read = stored.get<CreatedServer>();
  CHECK(json(read) == stored);
  CHECK(read.created == server.created);
}

TEST_CASE("after a crash it looks before it creates, and mints no key for what it adopts") {
  Scripted world({page("servers", {a_server("running")})});
  Key key;
  const auto server = up(world, key, Attempt::resumed);
  CHECK(server.id.value == 42);
  CHECK(server.actions.empty());
  CHECK(server.volume_attached);
  CHECK(key.minted == 0);
  CHECK(world.asked == Asked{look_server});
}

TEST_CASE("after a crash that came before the effect it creates") {
  Scripted world({no_server, no_server, created()});
  Key key;
  CHECK(up(world, key, Attempt::resumed).actions.size() == 3);
  CHECK(key.minted == 1);
  CHECK(world.asked == Asked{look_server, look_by_labels, "POST /servers"});
}

TEST_CASE("a server that was renamed meanwhile is found by its labels") {
  auto renamed = a_server("running");
  renamed["name"] = "mine-now";
  Scripted world({no_server, page("servers", {renamed})});
  Key key;
  CHECK(up(world, key, Attempt::resumed).name == "mine-now");
  CHECK(key.minted == 0);
  CHECK(world.asked == Asked{look_server, look_by_labels});
}

TEST_CASE("an unknown outcome that happened is adopted, with the actions of its server") {
  const auto actions =
      page("actions", {action(11, "create_server", "error"), action(12, "start_server", "error")});
  Scripted world({lost(Delivery::cut_before), page("servers", {a_server("starting", {})}), actions});
  Key key;
  const auto server = up(world, key);
  CHECK(server.id.value == 42);
  CHECK(server.actions.size() == 2);
  CHECK_FALSE(server.volume_attached);
  CHECK(key.minted == 1);
  CHECK(world.asked == Asked{"POST /servers", look_server, "GET /servers/42/actions?per_page=50"});
}

TEST_CASE(
    "an unknown outcome that did not happen is tried once more with a new key, then it is the caller's") {
  Scripted world({refusal(504, "timeout"), no_server, no_server, created()});
  Key key;
  CHECK(up(world, key).id.value == 42);
  CHECK(key.minted == 2);
  CHECK(world.body(3)["name"] == "devbox-alice");
  CHECK(world.body(3)["user_data"] == "key 2");

  Scripted twice({refusal(504, "timeout"), no_server, no_server, lost(Delivery::cut_before)});
  CHECK_THROWS_AS(up(twice, key), OutcomeUnknown);
  CHECK(twice.asked == Asked{"POST /servers", look_server, look_by_labels, "POST /servers"});
}

TEST_CASE("a POST whose effect comes late is found after the second one is refused") {
  Scripted world({refusal(504, "timeout"), answer(200, {{"volumes", json::array()}}), taken,
                  page("volumes", {a_volume()})});
  CHECK(volume(world).id.value == 4711);
  CHECK(world.asked == Asked{"POST /volumes", look_volume, "POST /volumes", look_volume});
}

TEST_CASE("a created thing whose answer cannot be read is looked for") {
  Scripted world({answer(201, {{"volume", {{"id", "?"}}}}), page("volumes", {a_volume()})});
  CHECK(volume(world).id.value == 4711);
}

TEST_CASE("a name that we have already is adopted") {
  Scripted world({taken, page("volumes", {a_volume()})});
  CHECK(volume(world).id.value == 4711);
  CHECK(world.asked == Asked{"POST /volumes", look_volume});
  Scripted ip({taken, page("primary_ips", {an_ip()})});
  CHECK(run(ip.io, ip.cloud.ensure_primary_ip(ip_spec(), Attempt::first)).id.value == 5);
}

TEST_CASE("a name that somebody else has is refused, whatever label is missing or differs") {
  for (const auto& labels : {json::array(), json{{"devbox-bot", "devbox"}},
                             json{{"devbox-bot", "other"}, {"devbox-operation", "0123456789abcdef"}}}) {
    auto foreign = a_server("running");
    foreign["labels"] = labels;
    Scripted world({taken, page("servers", {foreign}), no_server});
    Key key;
    CHECK_THROWS_WITH(up(world, key),
                      "Hetzner refused: \"devbox-alice\" exists in the project and is not ours "
                      "(uniqueness_error: name)");
    CHECK(world.asked.size() == 3);
    Scripted resumed({page("servers", {foreign}), no_server});
    CHECK_THROWS_AS(up(resumed, key, Attempt::resumed), ApiError);
    CHECK(resumed.asked.size() == 2);
  }
}

TEST_CASE("a name that is taken and not to be found is refused after the second try") {
  Scripted world;
  world.respond = [](const net::HttpRequest& request) {
    return request.method == "POST" ? taken : answer(200, {{"volumes", json::array()}});
  };
  CHECK_THROWS_AS(volume(world), ApiError);
  CHECK(world.asked == Asked{"POST /volumes", look_volume, "POST /volumes", look_volume});
}

TEST_CASE("any other refusal goes to the caller at once") {
  Scripted world({refusal(412, "resource_unavailable"), created()});
  Key key;
  CHECK_THROWS_WITH(up(world, key), Contains("resource_unavailable"));
  CHECK(world.asked.size() == 1);
}

TEST_CASE("a new volume is waited for") {
  Scripted world({answer(201, {{"volume", a_volume()}, {"action", action(1, "create_volume", "running")}}),
                  page("actions", {action(1, "create_volume", "success")})});
  CHECK(volume(world).id.value == 4711);
  CHECK(world.asked == Asked{"POST /volumes", "GET /actions?id=1"});
}

TEST_CASE("an ssh key that the project has is found by what it is, not by its name") {
  const json theirs{{"id", 8}, {"name", "laptop"}, {"public_key", "ssh-ed25519 AAAAC3 somebody@else"}};
  const json other{{"id", 9}, {"name", "alice"}, {"public_key", "ssh-ed25519 AAAAC4"}};
  Scripted world({refusal(409, "uniqueness_error", naming("fields", "public_key")),
                  page("ssh_keys", {other, theirs}), answer(201, {{"ssh_key", other}})});
  CHECK(run(world.io, world.cloud.ensure_ssh_key("alice", "ssh-ed25519 AAAAC3 alice@home", {})).value == 8);
  CHECK(run(world.io, world.cloud.ensure_ssh_key("alice", "ssh-ed25519 AAAAC4", {})).value == 9);
  CHECK(world.asked == Asked{"POST /ssh_keys", "GET /ssh_keys?per_page=50", "POST /ssh_keys"});
}

TEST_CASE("lists are asked for by label, and snapshots come newest first") {
  Scripted world({page("servers", {a_server("running")}), page("volumes", {a_volume()}),
                  page("primary_ips", {an_ip()}),
                  page("images", {{{"id", 1}, {"created", "2026-10-01T00:00:00Z"}},
                                  {{"id", 2}, {"created", "2026-11-01T00:00:00+00:00"}}})});
  CHECK(run(world.io, world.cloud.servers(ours)).size() == 1);
  CHECK(run(world.io, world.cloud.volumes({{"managed-by", "devbox"}})).size() == 1);
  CHECK(run(world.io, world.cloud.primary_ips({})).size() == 1);
  CHECK(world.asked[0] ==
        "GET /servers?label_selector=devbox-bot%3Ddevbox%2Cdevbox-operation%3D0123456789abcdef"
        "&per_page=50");
  CHECK(run(world.io, world.cloud.snapshots("debian")).front().id.value == 2);
}
