#include "tests/catch.hpp"
#include "tests/matrix/scene.hpp"
#include "tests/matrix/simulator/person.hpp"

using namespace matrix::test;

namespace {

json invite_of(const json& synced, const std::string& room) {
  return synced["rooms"]["invite"][room]["invite_state"]["events"];
}

json find_type(const json& events, const std::string& type) {
  for (const auto& event : events)
    if (event["type"] == type) return event;
  return nullptr;
}

}  // namespace

TEST_CASE("a room's id has no server in it, and its creator needs no power level") {
  Scene scene;
  const auto made =
      scene.ask("POST", api + "/createRoom",
                {{"name", "ops"}, {"room_alias_name", "ops"}, {"visibility", "public"}}, scene.alice);
  const std::string room = made.body["room_id"];
  CHECK(room.size() == 44);
  CHECK(room.starts_with('!'));
  CHECK(room.find(':') == std::string::npos);
  const auto levels =
      scene.ask("GET", Scene::in(room) + "/state/m.room.power_levels", nullptr, scene.alice).body;
  CHECK(levels["users"].empty());
  CHECK((levels["events_default"] == 0 && levels["state_default"] == 50));
  const auto state = scene.ask("GET", Scene::in(room) + "/state", nullptr, scene.alice).body;
  CHECK(find_type(state, "m.room.create")["content"]["room_version"] == "12");
  CHECK(find_type(state, "m.room.name")["content"]["name"] == "ops");
  CHECK(find_type(state, "m.room.join_rules")["content"]["join_rule"] == "public");

  const auto alias = escaped("#ops:devbox.test");
  CHECK(scene.ask("GET", api + "/directory/room/" + alias).body["room_id"] == room);
  CHECK(scene.ask("POST", api + "/join/" + alias, json::object(), scene.bot).body["room_id"] == room);
  CHECK(scene.ask("GET", api + "/joined_rooms", nullptr, scene.bot).body["joined_rooms"] == json{room});
  const auto members =
      scene.ask("GET", Scene::in(room) + "/joined_members", nullptr, scene.bot).body["joined"];
  CHECK(members[scene.bot_id]["display_name"] == "bot");
  const auto unknown = scene.ask("GET", api + "/directory/room/" + escaped("#x:devbox.test"));
  CHECK((unknown.status == 404 && unknown.errcode() == "M_NOT_FOUND"));
}

TEST_CASE("an invitation comes whatever the filter says, without ids and times, and opens a private room") {
  Scene scene;
  const json encryption = {{"type", "m.room.encryption"},
                           {"content", {{"algorithm", "m.megolm.v1.aes-sha2"}}}};
  const std::string since = scene.sync(scene.bot)["next_batch"];
  const auto room = scene.home.create_room(
      scene.alice_id,
      {{"invite", {scene.bot_id}}, {"is_direct", true}, {"initial_state", json::array({encryption})}});
  const json strict = {{"room", {{"timeline", {{"types", {"m.room.message"}}}}}}};
  const auto told = scene.sync(scene.bot, since, strict);
  const auto events = invite_of(told, room);
  const auto& own = events.back();
  CHECK(own["type"] == "m.room.member");
  CHECK(own["state_key"] == scene.bot_id);
  CHECK(own["sender"] == scene.alice_id);
  CHECK(own["content"]["is_direct"] == true);
  CHECK_FALSE((own.contains("event_id") || own.contains("origin_server_ts")));
  CHECK_FALSE(find_type(events, "m.room.encryption").is_null());
  CHECK_FALSE(scene.sync(scene.bot, told["next_batch"]).contains("rooms"));
  CHECK(scene.sync(scene.bot, "", strict)["rooms"]["invite"].contains(room));

  CHECK(scene.ask("POST", api + "/join/" + escaped(room), json::object(), scene.bot).status == 200);
  const auto joined = Scene::joined(scene.sync(scene.bot, told["next_batch"]), room);
  CHECK(joined["timeline"]["limited"] == true);
  CHECK(joined["timeline"]["events"].back()["content"]["membership"] == "join");
}

TEST_CASE("without an invitation a private room stays closed") {
  Scene scene;
  const auto room = scene.home.create_room(scene.alice_id);
  const auto refused = scene.ask("POST", api + "/join/" + escaped(room), json::object(), scene.bot);
  CHECK(refused.status == 403);
  CHECK(refused.errcode() == "M_FORBIDDEN");
  CHECK(refused.body["error"] == "You are not invited to this room.");
  CHECK(scene.ask("POST", api + "/join/!nowhere", json::object(), scene.bot).status == 404);
}

TEST_CASE("who declines, leaves or is put out is told so once") {
  Scene scene;
  const auto room = scene.home.create_room(scene.alice_id, {{"invite", {scene.bot_id}}});
  std::string since = scene.sync(scene.bot)["next_batch"];
  CHECK(scene.ask("POST", Scene::in(room) + "/leave", json::object(), scene.bot).status == 200);
  auto told = scene.sync(scene.bot, since);
  CHECK(told["rooms"]["leave"][room]["timeline"]["events"].size() == 1);
  scene.home.invite(scene.alice_id, room, scene.bot_id);
  scene.home.join(scene.bot_id, room);
  since = scene.sync(scene.bot, told["next_batch"])["next_batch"];
  scene.home.say(scene.alice_id, room, "bye");
  const json whom = {{"user_id", scene.bot_id}};
  CHECK(scene.ask("POST", Scene::in(room) + "/kick", whom, scene.alice).status == 200);
  scene.home.say(scene.alice_id, room, "among us");
  told = scene.sync(scene.bot, since);
  CHECK(Scene::bodies(told["rooms"]["leave"][room]["timeline"]["events"]) == std::vector<std::string>{"bye"});
  CHECK_FALSE(scene.sync(scene.bot, told["next_batch"]).contains("rooms"));
}

TEST_CASE("an upgraded room points to its replacement, which asks for an invitation, and falls silent") {
  Scene scene;
  const auto old =
      scene.home.create_room(scene.alice_id, {{"invite", {scene.bot_id}}, {"room_alias_name", "ops"}});
  scene.home.join(scene.bot_id, old);
  const std::string since = scene.sync(scene.bot)["next_batch"];
  const auto upgraded = scene.ask("POST", Scene::in(old) + "/upgrade", {{"new_version", "12"}}, scene.alice);
  const std::string made = upgraded.body["replacement_room"];
  const auto events = Scene::joined(scene.sync(scene.bot, since), old)["timeline"]["events"];
  CHECK(find_type(events, "m.room.tombstone")["content"]["replacement_room"] == made);
  CHECK(scene.say(scene.bot, old, "1", "is anybody here?").status == 403);
  CHECK(scene.say(scene.alice, old, "1", "I am").status == 200);
  CHECK(scene.ask("POST", api + "/join/" + escaped(made), json::object(), scene.bot).status == 403);
  scene.home.invite(scene.alice_id, made, scene.bot_id);
  CHECK(scene.ask("POST", api + "/join/" + escaped(made), json::object(), scene.bot).status == 200);
  CHECK(scene.say(scene.bot, made, "1", "here we are").status == 200);
  const auto created = scene.ask("GET", Scene::in(made) + "/state/m.room.create", nullptr, scene.bot).body;
  CHECK(created["predecessor"]["room_id"] == old);
  CHECK(scene.ask("GET", api + "/directory/room/" + escaped("#ops:devbox.test")).body["room_id"] == made);
}

TEST_CASE("a room that merely has a tombstone still takes messages") {
  Scene scene;
  const auto room = scene.shared_room();
  scene.home.set_state(scene.alice_id, room, "m.room.tombstone", "",
                       {{"body", "gone"}, {"replacement_room", "!x"}});
  CHECK(scene.say(scene.bot, room, "1", "is anybody here?").status == 200);
}

TEST_CASE("state is set by who has the power, and its changes are told") {
  Scene scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.alice)["next_batch"];
  const auto path = Scene::in(room) + "/state/m.room.topic";
  CHECK(scene.ask("PUT", path, {{"topic", "x"}}, scene.bot).status == 403);
  scene.home.set_power(scene.alice_id, room, scene.bot_id, 50);
  CHECK(scene.ask("PUT", path + "/", {{"topic", "x"}}, scene.bot).status == 200);
  CHECK(scene.ask("GET", path, nullptr, scene.alice).body["topic"] == "x");
  const json messages = {{"room", {{"timeline", {{"types", {"m.room.message"}}}}}}};
  scene.home.say(scene.alice_id, room, "hello");
  const auto state = Scene::joined(scene.sync(scene.alice, since, messages), room)["state"]["events"];
  CHECK(find_type(state, "m.room.topic")["content"]["topic"] == "x");
  scene.home.set_power(scene.alice_id, room, scene.bot_id, -1);
  CHECK(scene.say(scene.bot, room, "1", "x").status == 403);
}

TEST_CASE("a person without a client sees what others write, with edits, and knows what they have read") {
  Scene scene;
  const auto room = scene.shared_room();
  matrix::simulator::Person eve(scene.home, "eve", room);
  const auto said = eve.say("!devbox status");
  CHECK(eve.acknowledged_by(scene.bot_id) == 0);
  const std::string since = scene.sync(scene.bot)["next_batch"];
  CHECK(eve.acknowledged_by(scene.bot_id) == 0);
  scene.sync(scene.bot, since);
  CHECK(eve.acknowledged_by(scene.bot_id) == 1);
  const auto plan = scene.home.say(scene.bot_id, room, "the plan");
  scene.home.edit(scene.bot_id, room, plan, "booting");
  scene.home.redact(scene.bot_id, room, scene.home.say(scene.bot_id, room, "oops"));
  CHECK(eve.screen() == "the plan\n… booting\n");
  CHECK(eve.find_newest()->sender == scene.bot_id);
  scene.home.react(scene.bot_id, room, said, "👀");
  CHECK(eve.reactions_to(said) == std::vector<std::string>{"👀"});
}
