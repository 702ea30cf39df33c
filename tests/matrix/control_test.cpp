#include "net/error.hpp"
#include "tests/catch.hpp"
#include "tests/matrix/scene.hpp"
#include "tests/temp_dir.hpp"
#include "tests/throwaway_ca.hpp"

using namespace matrix::test;

TEST_CASE("a user is made over HTTP, with a name and a password") {
  Scene scene;
  const auto made =
      scene.ask("POST", "/_sim/users", {{"name", "eve"}, {"password", "x"}, {"display_name", "Eve"}});
  CHECK(made.body["user_id"] == "@eve:devbox.test");
  auto login = Scene::password_login("@eve:devbox.test", "E");
  login["password"] = "x";
  CHECK(scene.ask("POST", api + "/login", login).status == 200);
  const auto profile = api + "/profile/" + escaped("@eve:devbox.test") + "/displayname";
  CHECK(scene.ask("GET", profile).body["displayname"] == "Eve");
}

TEST_CASE("what another server let through is relayed as it is, however wrong") {
  Scene scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.bot)["next_batch"];
  const json wrong = {{"type", "m.room.message"}, {"sender", 7}, {"content", {{"msgtype", "m.text"}}}};
  CHECK(scene.ask("POST", "/_sim/inject", {{"room", room}, {"event", wrong}}).status == 200);
  CHECK(scene.ask("POST", "/_sim/inject", {{"room", room}, {"text", "[ 1 ]"}}).status == 200);
  const auto deep = std::string(3000, '[') + std::string(3000, ']');
  scene.home.inject(room, deep);
  const auto events = Scene::joined(scene.sync(scene.bot, since), room)["timeline"]["events"];
  REQUIRE(events.size() == 3);
  CHECK(events[0] == wrong);
  CHECK(events[1] == json{1});
  CHECK(events[2].is_array());
  const auto page = scene.ask("GET", Scene::in(room) + "/messages?dir=b", nullptr, scene.bot).body;
  CHECK(page["chunk"][2] == wrong);
}

TEST_CASE("moving the clock moves the times of events") {
  Scene scene;
  const auto room = scene.shared_room();
  scene.home.say(scene.alice_id, room, "before");
  scene.ask("POST", "/_sim/clock", {{"advance_s", 3600}});
  scene.home.say(scene.alice_id, room, "after");
  const auto page = scene.ask("GET", Scene::in(room) + "/messages?dir=b", nullptr, scene.bot).body["chunk"];
  const auto between =
      page[0]["origin_server_ts"].get<std::int64_t>() - page[1]["origin_server_ts"].get<std::int64_t>();
  CHECK(between >= 3'600'000);
  CHECK(page[1]["unsigned"]["age"].get<std::int64_t>() >= 3'600'000);
}

TEST_CASE("a homeserver that is down refuses connections, and is back after the time, with all it had") {
  Scene scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.bot)["next_batch"];
  try {
    scene.ask("POST", "/_sim/down", {{"for_s", 0.2}});
  } catch (const net::Error&) {  // it goes before it can answer
  }
  CHECK_THROWS_AS(scene.sync(scene.bot, since), net::Error);
  bool is_up = false;
  while (!is_up) {
    try {
      is_up = scene.sync(scene.bot, since).contains("next_batch");
    } catch (const net::Error&) {
      scene.loop.settle();
    }
  }
  CHECK(scene.home.events_of(room).size() > 5);
}

TEST_CASE("another simulator over the same contents is the same homeserver, started again") {
  Scene scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.bot)["next_batch"];
  const auto id = scene.say(scene.alice, room, "t", "hello").body["event_id"];
  matrix::simulator::Simulator again(scene.loop.io.get_executor(), scene.loop.clock, scene.contents);
  Http http(scene.loop.io, again.url());
  const auto told = http.ask("GET", Scene::sync_target({{"since", since}}), nullptr, scene.bot);
  REQUIRE(told.status == 200);
  CHECK(Scene::joined(told.body, room)["timeline"]["events"][0]["event_id"] == id);
}

TEST_CASE("requests are logged and faults are played, in the API's envelope") {
  Scene scene;
  const auto room = scene.shared_room();
  scene.ask("POST", "/_sim/faults", {{"path", "*/send/*"}, {"status", 502}, {"code", "M_UNKNOWN"}});
  const auto failed = scene.say(scene.bot, room, "1", "x");
  CHECK(failed.status == 502);
  CHECK(failed.errcode() == "M_UNKNOWN");
  scene.ask("POST", "/_sim/faults", {{"path", "*/send/*"}, {"cut", "after"}});
  CHECK_THROWS_AS(scene.say(scene.bot, room, "1", "x"), net::NoAnswer);
  const auto before = scene.home.events_of(room).size();
  CHECK(scene.say(scene.bot, room, "1", "x").status == 200);
  CHECK(scene.home.events_of(room).size() == before);
  const auto log = scene.ask("GET", "/_sim/requests").body;
  CHECK(log.back()["status"] == 200);
  CHECK(log.back()["path"] == Scene::in(room) + "/send/m.room.message/1");
}

TEST_CASE("a limit that does not exist is not set") {
  Scene scene;
  CHECK(scene.ask("PUT", "/_sim/limits", {{"mesage_rate", 1}}).status == 400);
}

TEST_CASE("over TLS it is the same") {
  TempDir directory;
  ThrowawayCa ca(directory);
  bot::test::Loop loop;
  matrix::simulator::Contents contents;
  matrix::simulator::Options options;
  const auto issued = ca.issue("IP:127.0.0.1");
  options.certificate_file = issued.certificate_file;
  options.private_key_file = issued.private_key_file;
  matrix::simulator::Simulator simulator(loop.io.get_executor(), loop.clock, contents, options);
  net::ClientOptions trusting;
  trusting.ca_file = ca.file();
  Http http(loop.io, simulator.url(), trusting);
  CHECK(simulator.url().starts_with("https://127.0.0.1:"));
  CHECK(http.ask("GET", "/.well-known/matrix/client").body["m.homeserver"]["base_url"] ==
        simulator.url() + "/");
}
