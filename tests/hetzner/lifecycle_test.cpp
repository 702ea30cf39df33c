#include "hetzner/cloud.hpp"
#include "tests/catch.hpp"
#include "tests/hetzner/objects.hpp"
#include "tests/hetzner/scripted.hpp"

using Catch::Matchers::Contains;
using hetzner::ActionId;
using hetzner::ApiError;
using hetzner::CreatedServer;
using hetzner::OutcomeUnknown;
using hetzner::ServerId;
using hetzner::VolumeId;
using net::Delivery;
using nlohmann::json;
using namespace objects;

namespace {

const ServerId server{42};
const VolumeId home_volume{4711};

CreatedServer adopted() {
  CreatedServer one;
  one.id = server;
  one.name = "devbox-alice";
  return one;
}
net::HttpResponse shown(const std::string& status, std::vector<int> volumes = {4711}) {
  return answer(200, {{"server", a_server(status, std::move(volumes))}});
}
net::HttpResponse done(int id) { return page("actions", {action(id, "any", "success")}); }
net::HttpResponse started(int id, const std::string& command) {
  return answer(201, {{"action", action(id, command, "running")}});
}
const auto gone = refusal(404, "not_found");
const std::string attach = "POST /volumes/4711/actions/attach";

}  // namespace

TEST_CASE("an adopted server is polled until it runs, and its volume attached when it is missing") {
  Scripted world({shown("initializing", {}), shown("starting", {}), shown("running", {}),
                  started(21, "attach_volume"), done(21)});
  run(world.io, world.cloud.until_running(adopted(), home_volume));
  CHECK(world.asked ==
        Asked{"GET /servers/42", "GET /servers/42", "GET /servers/42", attach, "GET /actions?id=21"});
  CHECK(world.body(3) == json{{"server", 42}, {"automount", false}});
  Scripted complete({shown("running")});
  run(complete.io, complete.cloud.until_running(adopted(), home_volume));
  CHECK(complete.asked.size() == 1);
}

TEST_CASE("a new server without an attach action is read again") {
  auto fresh = adopted();
  fresh.actions = {ActionId{11}};
  Scripted world({done(11), shown("running", {}), started(21, "attach_volume"), done(21)});
  run(world.io, world.cloud.until_running(fresh, home_volume));
  CHECK(world.asked == Asked{"GET /actions?id=11", "GET /servers/42", attach, "GET /actions?id=21"});
}

TEST_CASE("a server that disappears while it boots is told as such") {
  Scripted world({gone});
  CHECK_THROWS_WITH(run(world.io, world.cloud.until_running(adopted(), home_volume)),
                    Contains("server \"devbox-alice\" was deleted while it booted"));
}

TEST_CASE("a volume that this server has already is attached") {
  Scripted world({refusal(422, "volume_already_attached"), answer(200, {{"volume", a_volume(42)}})});
  run(world.io, world.cloud.attach_volume(home_volume, server));
  CHECK(world.asked == Asked{attach, "GET /volumes/4711"});
  Scripted unknown({lost(Delivery::cut_before), answer(200, {{"volume", a_volume()}}),
                    started(21, "attach_volume"), done(21)});
  run(unknown.io, unknown.cloud.attach_volume(home_volume, server));
  CHECK(unknown.asked == Asked{attach, "GET /volumes/4711", attach, "GET /actions?id=21"});
}

TEST_CASE("a volume that another server has is refused") {
  Scripted world;
  world.respond = [](const net::HttpRequest& request) {
    if (request.method == "POST") return refusal(422, "volume_already_attached");
    return answer(200, {{"volume", a_volume(41)}});
  };
  CHECK_THROWS_WITH(run(world.io, world.cloud.attach_volume(home_volume, server)),
                    Contains("volume_already_attached"));
  CHECK(world.asked.size() == 4);
}

TEST_CASE("off is when the status says so, or when the server is gone") {
  Scripted world({shown("running"), shown("stopping"), shown("off")});
  run(world.io, world.cloud.until_off(server));
  CHECK(world.asked.size() == 3);
  Scripted none({shown("running"), gone});
  run(none.io, none.cloud.until_off(server));
  CHECK(none.asked.size() == 2);
}

TEST_CASE("shutdown only sends the signal, poweroff waits until it is done") {
  Scripted world({started(31, "shutdown_server"), started(32, "stop_server"), done(32)});
  run(world.io, world.cloud.shutdown(server));
  run(world.io, world.cloud.poweroff(server));
  CHECK(world.asked == Asked{"POST /servers/42/actions/shutdown", "POST /servers/42/actions/poweroff",
                             "GET /actions?id=32"});
  CHECK(world.requests[0].body == "{}");
}

TEST_CASE("a server that is gone or off needs no power down") {
  for (const auto& state : {gone, shown("off")}) {
    Scripted world({refusal(422, "invalid_input"), state, refusal(422, "invalid_input"), state});
    run(world.io, world.cloud.shutdown(server));
    run(world.io, world.cloud.poweroff(server));
    CHECK(world.asked.size() == 4);
  }
  Scripted failed(
      {started(32, "stop_server"), page("actions", {action(32, "stop_server", "error")}), shown("off")});
  run(failed.io, failed.cloud.poweroff(server));
  CHECK(failed.asked.size() == 3);
}

TEST_CASE("a running server that will not go down is told") {
  Scripted refused({refusal(403, "forbidden"), shown("running")});
  CHECK_THROWS_WITH(run(refused.io, refused.cloud.shutdown(server)), Contains("forbidden"));
  Scripted failed(
      {started(32, "stop_server"), page("actions", {action(32, "stop_server", "error")}), shown("running")});
  CHECK_THROWS_AS(run(failed.io, failed.cloud.poweroff(server)), hetzner::ActionFailed);
  Scripted unknown(
      {lost(Delivery::cut_before), shown("running"), lost(Delivery::cut_before), shown("running")});
  CHECK_THROWS_AS(run(unknown.io, unknown.cloud.shutdown(server)), OutcomeUnknown);
  CHECK(unknown.asked.size() == 4);
}

TEST_CASE("deleting a server gives its action, and nothing when it is gone") {
  Scripted world({answer(200, {{"action", action(51, "delete_server", "running")}}), gone,
                  lost(Delivery::cut_before), gone});
  CHECK(run(world.io, world.cloud.delete_server(server)) == ActionId{51});
  CHECK_FALSE(run(world.io, world.cloud.delete_server(server)));
  CHECK_FALSE(run(world.io, world.cloud.delete_server(server)));
  CHECK(world.asked == Asked(4, "DELETE /servers/42"));
}

TEST_CASE("a volume or address that is gone is deleted, one that may not be deleted is told") {
  Scripted world({raw(204, ""), gone, gone, refusal(422, "must_be_unassigned"), refusal(423, "protected")});
  run(world.io, world.cloud.delete_volume(home_volume));
  run(world.io, world.cloud.delete_volume(home_volume));
  run(world.io, world.cloud.delete_primary_ip({5}));
  CHECK_THROWS_WITH(run(world.io, world.cloud.delete_primary_ip({5})), Contains("must_be_unassigned"));
  CHECK_THROWS_WITH(run(world.io, world.cloud.delete_volume(home_volume)), Contains("protected"));
  CHECK(world.asked == Asked{"DELETE /volumes/4711", "DELETE /volumes/4711", "DELETE /primary_ips/5",
                             "DELETE /primary_ips/5", "DELETE /volumes/4711"});
}

TEST_CASE("a server is found by id, absent when it is gone") {
  Scripted world({shown("running"), gone, refusal(403, "forbidden")});
  CHECK(run(world.io, world.cloud.find_server(server))->status == "running");
  CHECK_FALSE(run(world.io, world.cloud.find_server(server)));
  CHECK_THROWS_AS(run(world.io, world.cloud.find_server(server)), ApiError);
}
