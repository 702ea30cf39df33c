#include "tests/catch.hpp"
#include "tests/matrix/scene.hpp"

using namespace matrix::test;

namespace {

std::vector<std::string> numbered(int first, int last) {
  std::vector<std::string> texts;
  for (int n = first; n <= last; ++n) texts.push_back("message " + std::to_string(n));
  return texts;
}

struct Talk : Scene {
  void say_many(const std::string& where, int first, int last) {
    for (const auto& text : numbered(first, last)) home.say(alice_id, where, text);
  }
  json page(const std::string& where, const net::Query& query) {
    return ask("GET", in(where) + "/messages?" + net::encode_query(query), nullptr, bot).body;
  }
};

json timeline_filter(const json& timeline) { return {{"room", {{"timeline", timeline}}}}; }

}  // namespace

TEST_CASE("what is said after a token is told once, oldest first, with its age") {
  Talk scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.bot)["next_batch"];
  scene.say_many(room, 1, 3);
  const auto told = scene.sync(scene.bot, since);
  const auto timeline = Scene::joined(told, room)["timeline"];
  CHECK(Scene::bodies(timeline["events"]) == numbered(1, 3));
  CHECK(timeline["limited"] == false);
  const auto& event = timeline["events"][0];
  CHECK(event["sender"] == scene.alice_id);
  CHECK(event["type"] == "m.room.message");
  CHECK(event["unsigned"]["age"].is_number());
  CHECK(event["unsigned"]["membership"] == "join");
  CHECK_FALSE(event.contains("room_id"));
  const auto calm = scene.sync(scene.bot, told["next_batch"]);
  CHECK_FALSE(calm.contains("rooms"));
  CHECK(calm["next_batch"] == told["next_batch"]);
}

TEST_CASE(
    "a gap is told as limited, and paging from the old token to prev_batch gives exactly what it lacks") {
  Talk scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.bot)["next_batch"];
  scene.say_many(room, 1, 60);
  const auto timeline = Scene::joined(scene.sync(scene.bot, since), room)["timeline"];
  CHECK(timeline["limited"] == true);
  CHECK(Scene::bodies(timeline["events"]) == numbered(51, 60));

  std::vector<std::string> gap;
  std::string from = since;
  for (int pages = 0;; ++pages) {
    REQUIRE(pages < 10);
    const auto page =
        scene.page(room, {{"dir", "f"}, {"from", from}, {"to", timeline["prev_batch"]}, {"limit", "20"}});
    for (const auto& body : Scene::bodies(page["chunk"])) gap.push_back(body);
    if (!page.contains("end")) break;
    from = page["end"];
  }
  CHECK(gap == numbered(1, 50));
}

TEST_CASE("a filter chooses types, senders and how many; more than a hundred are never told at once") {
  Talk scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.bot)["next_batch"];
  scene.home.say(scene.bot_id, room, "an answer");
  scene.say_many(room, 1, 120);
  scene.home.set_state(scene.alice_id, room, "m.room.topic", "", {{"topic", "x"}});
  const json chosen = {{"types", {"m.room.message"}}, {"not_senders", {scene.bot_id}}, {"limit", 500}};
  const auto timeline =
      Scene::joined(scene.sync(scene.bot, since, timeline_filter(chosen)), room)["timeline"];
  CHECK(Scene::bodies(timeline["events"]) == numbered(21, 120));
  CHECK(timeline["limited"] == true);
  const auto wild = timeline_filter({{"types", {"m.room.t*"}}});
  CHECK(Scene::joined(scene.sync(scene.bot, since, wild), room)["timeline"]["events"].size() == 1);
}

TEST_CASE("pages go both ways, are filtered, and have no end when there is nothing") {
  Talk scene;
  const auto room = scene.shared_room();
  scene.say_many(room, 1, 5);
  const auto newest = scene.page(room, {{"dir", "b"}, {"limit", "2"}});
  CHECK(Scene::bodies(newest["chunk"]) == std::vector<std::string>{"message 5", "message 4"});
  const auto before = scene.page(room, {{"dir", "b"}, {"limit", "2"}, {"from", newest["end"]}});
  CHECK(Scene::bodies(before["chunk"]) == std::vector<std::string>{"message 3", "message 2"});
  CHECK(before["chunk"][0]["room_id"] == room);
  const auto filter = json{{"types", {"m.room.message"}}}.dump();
  const auto all = scene.page(room, {{"dir", "f"}, {"filter", filter}});
  CHECK(Scene::bodies(all["chunk"]) == numbered(1, 5));
  const auto nothing = scene.page(room, {{"dir", "f"}, {"from", all["end"]}});
  CHECK(nothing["chunk"].empty());
  CHECK_FALSE(nothing.contains("end"));
  CHECK(scene.page(room, {{"dir", "x"}})["errcode"] == "M_INVALID_PARAM");
}

TEST_CASE("a sync without a token is answered from a cache for two minutes, unless a parameter differs") {
  Talk scene;
  const auto room = scene.shared_room();
  const auto ask = [&](const std::string& timeout) {
    return scene.ask("GET", Scene::sync_target({{"timeout", timeout}}), nullptr, scene.bot)
        .body["next_batch"];
  };
  const auto first = ask("0");
  scene.say_many(room, 1, 3);
  CHECK(ask("0") == first);
  CHECK(ask("4711") != first);
  scene.ask("POST", "/_sim/clock", {{"advance_s", 119}});
  CHECK(ask("0") == first);
  scene.ask("POST", "/_sim/clock", {{"advance_s", 2}});
  CHECK(ask("0") != first);
}

TEST_CASE("a restarted homeserver has forgotten its cache, and nothing else") {
  Talk scene;
  const auto room = scene.shared_room();
  const std::string stale = scene.sync(scene.bot)["next_batch"];
  const auto id = scene.say(scene.alice, room, "op/ready", "once").body["event_id"];
  scene.simulator.stop();
  scene.simulator.start();
  CHECK(scene.sync(scene.bot)["next_batch"] != stale);
  CHECK(Scene::bodies(Scene::joined(scene.sync(scene.bot, stale), room)["timeline"]["events"]) ==
        std::vector<std::string>{"once"});
  CHECK(scene.say(scene.alice, room, "op/ready", "twice").body["event_id"] == id);
}

TEST_CASE("a token that is none is refused") {
  Scene scene;
  for (const std::string bad : {"x", "s", "s1x", "12"}) {
    const auto refused = scene.ask("GET", Scene::sync_target({{"since", bad}}), nullptr, scene.bot);
    CHECK(refused.status == 400);
    CHECK(refused.errcode() == "M_UNKNOWN");
    CHECK(refused.body["error"] == "Invalid stream token");
  }
}

TEST_CASE("a sync that waits is woken by what is said, and not by what its filter leaves out") {
  Talk scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.bot)["next_batch"];
  const LongPoll poll(scene, scene.bot, since, timeline_filter({{"not_senders", {scene.bot_id}}}));
  scene.loop.settle();
  scene.home.say(scene.bot_id, room, "my own");
  scene.loop.settle();
  CHECK_FALSE(poll.ended());
  scene.home.say(scene.alice_id, room, "hello");
  run_until(scene.loop.io, [&] { return poll.ended(); });
  CHECK(Scene::bodies(Scene::joined(poll.body(), room)["timeline"]["events"]) ==
        std::vector<std::string>{"hello"});
}

TEST_CASE("with duplicates on, every event comes again in the next sync, and then no more") {
  Talk scene;
  const auto room = scene.shared_room();
  std::string since = scene.sync(scene.bot)["next_batch"];
  scene.ask("POST", "/_sim/duplicate", {{"on", true}});
  const auto next = [&] {
    const auto told = scene.sync(scene.bot, since);
    since = told["next_batch"];
    if (!told.contains("rooms")) return std::vector<std::string>();
    return Scene::bodies(Scene::joined(told, room)["timeline"]["events"]);
  };
  scene.home.say(scene.alice_id, room, "one");
  CHECK(next() == std::vector<std::string>{"one"});
  scene.home.say(scene.alice_id, room, "two");
  CHECK(next() == std::vector<std::string>{"one", "two"});
  CHECK(next() == std::vector<std::string>{"two"});
  CHECK(next().empty());
  CHECK(next().empty());
}

TEST_CASE("the members' numbers come with a first sync and with every change, to who loads members lazily") {
  Talk scene;
  const json lazy = {{"room", {{"state", {{"lazy_load_members", true}}}}}};
  const auto room = scene.shared_room();
  const auto first = scene.sync(scene.bot, "", lazy);
  CHECK(Scene::joined(first, room)["summary"]["m.joined_member_count"] == 2);
  CHECK(Scene::joined(first, room)["summary"]["m.heroes"] == json{scene.alice_id});
  const auto eve = scene.home.add_user("eve");
  scene.home.invite(scene.alice_id, room, eve);
  const auto second = scene.sync(scene.bot, first["next_batch"], lazy);
  CHECK(Scene::joined(second, room)["summary"]["m.invited_member_count"] == 1);
  scene.say_many(room, 1, 1);
  const auto third = scene.sync(scene.bot, second["next_batch"], lazy);
  CHECK(Scene::joined(third, room)["summary"].empty());
}

TEST_CASE("typing, receipts and direct rooms are told to who wants them") {
  Talk scene;
  const auto room = scene.shared_room();
  const auto id = scene.home.say(scene.alice_id, room, "hello");
  const auto account = api + "/user/" + escaped(scene.alice_id) + "/account_data/m.direct";
  const std::string since = scene.sync(scene.alice)["next_batch"];
  CHECK(scene
            .ask("PUT", Scene::in(room) + "/typing/" + escaped(scene.bot_id),
                 {{"typing", true}, {"timeout", 10000}}, scene.bot)
            .status == 200);
  CHECK(scene.ask("POST", Scene::in(room) + "/receipt/m.read/" + escaped(id), json::object(), scene.bot)
            .status == 200);
  const json direct = {{scene.bot_id, {room}}};
  CHECK(scene.ask("PUT", account, direct, scene.alice).status == 200);
  CHECK(scene.ask("GET", account, nullptr, scene.alice).body == direct);
  const auto told = scene.sync(scene.alice, since);
  const auto ephemeral = Scene::joined(told, room)["ephemeral"]["events"];
  REQUIRE(ephemeral.size() == 2);
  CHECK(ephemeral[0]["content"]["user_ids"] == json{scene.bot_id});
  CHECK(ephemeral[1]["content"][id]["m.read"].contains(scene.bot_id));
  CHECK(told["account_data"]["events"][0]["content"] == direct);
  const json silent = {{"account_data", {{"types", json::array()}}},
                       {"room", {{"ephemeral", {{"types", json::array()}}}}}};
  CHECK_FALSE(scene.sync(scene.alice, since, silent).contains("rooms"));
}
