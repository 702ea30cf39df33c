#include "tests/catch.hpp"
#include "tests/matrix/scene.hpp"

using namespace matrix::test;

namespace {

json reaction(const std::string& event, const std::string& key) {
  return {{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", event}, {"key", key}}}};
}

json edit(const std::string& event, const std::string& text) {
  return {{"msgtype", "m.text"},
          {"body", "* " + text},
          {"m.new_content", {{"msgtype", "m.text"}, {"body", text}}},
          {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", event}}}};
}

std::string event_id(const Answer& answer) { return answer.body.at("event_id"); }

std::string header(const Answer& answer, const std::string& name) {
  return net::find_header(answer.headers, name).value_or("");
}

}  // namespace

TEST_CASE("the same transaction is the same event, whatever its body") {
  Scene scene;
  const auto room = scene.shared_room();
  const auto other = scene.shared_room();
  const auto first = event_id(scene.say(scene.bot, room, "op/ready", "one"));
  CHECK(event_id(scene.say(scene.bot, room, "op/ready", "two")) == first);
  CHECK(event_id(scene.say(scene.bot, other, "op/ready", "three")) != first);
  CHECK(event_id(scene.send(scene.bot, room, "op/ready", reaction(first, "x"), "m.reaction")) != first);
  CHECK(event_id(scene.say(scene.alice, room, "op/ready", "four")) != first);
  const auto again = scene.log_in("bot", "bot-device").body["access_token"];
  CHECK(event_id(scene.say(again, room, "op/ready", "five")) == first);
  const auto device = scene.log_in("bot", "another").body["access_token"];
  CHECK(event_id(scene.say(device, room, "op/ready", "six")) != first);
  const auto shown = scene.ask("GET", Scene::in(room) + "/event/" + escaped(first), nullptr, again).body;
  CHECK(shown["content"]["body"] == "one");
  CHECK(shown["unsigned"]["transaction_id"] == "op/ready");
}

TEST_CASE("too many messages are refused with the time to wait; the same transaction then is one event") {
  matrix::simulator::Limits strict;
  strict.messages = {0.5, 3};
  Scene scene(strict);
  const auto room = scene.shared_room();
  for (int n = 1; n <= 3; ++n) CHECK(scene.say(scene.bot, room, std::to_string(n), "x").status == 200);
  const auto refused = scene.say(scene.bot, room, "4", "x");
  CHECK(refused.status == 429);
  CHECK(refused.errcode() == "M_LIMIT_EXCEEDED");
  CHECK(refused.body["error"] == "Too Many Requests");
  const auto wait = refused.body["retry_after_ms"].get<int>();
  CHECK((wait > 1000 && wait <= 2000));
  CHECK(header(refused, "Retry-After") == "2");
  CHECK(scene.say(scene.bot, room, "3", "a repeat costs nothing").status == 200);
  CHECK(scene.ask("POST", Scene::in(room) + "/receipt/m.read/x", json::object(), scene.bot).status == 200);
  CHECK(scene.say(scene.alice, room, "1", "x").status == 200);
  scene.home.advance(2s);
  const auto sent = event_id(scene.say(scene.bot, room, "4", "x"));
  CHECK(event_id(scene.say(scene.bot, room, "4", "x")) == sent);
}

TEST_CASE("an administrator exempts a user from the limits") {
  matrix::simulator::Limits strict;
  strict.messages = {0.5, 3};
  Scene scene(strict);
  const auto room = scene.shared_room();
  const auto path = "/_synapse/admin/v1/users/" + escaped(scene.bot_id) + "/override_ratelimit";
  const json none = {{"messages_per_second", 0}, {"burst_count", 0}};
  CHECK(scene.ask("POST", path, none, scene.bot).status == 403);
  scene.home.user(scene.alice_id).is_admin = true;
  CHECK(scene.ask("POST", path, none, scene.alice).body == none);
  for (int n = 1; n <= 9; ++n) CHECK(scene.say(scene.bot, room, std::to_string(n), "x").status == 200);
}

TEST_CASE("an event of more than 64 KiB is too large, and one below is not") {
  Scene scene;
  const auto room = scene.shared_room();
  CHECK(scene.say(scene.bot, room, "1", std::string(60'000, 'x')).status == 200);
  const auto refused = scene.say(scene.bot, room, "2", std::string(65'536, 'x'));
  CHECK(refused.status == 413);
  CHECK(refused.errcode() == "M_TOO_LARGE");
}

TEST_CASE("who is not in a room can neither write, read nor change anything there") {
  Scene scene;
  const auto room = scene.home.create_room(scene.alice_id);
  for (const auto& answer :
       {scene.say(scene.bot, room, "1", "x"),
        scene.ask("GET", Scene::in(room) + "/messages?dir=b", nullptr, scene.bot),
        scene.ask("PUT", Scene::in(room) + "/state/m.room.name", {{"name", "x"}}, scene.bot),
        scene.say(scene.bot, "!unknown", "1", "x")}) {
    CHECK(answer.status == 403);
    CHECK(answer.errcode() == "M_FORBIDDEN");
  }
}

TEST_CASE(
    "an edit leaves the original as it was and goes with it; another's edit is taken, and shown to nobody") {
  Scene scene;
  const auto room = scene.shared_room();
  const auto id = event_id(scene.say(scene.bot, room, "1", "the plan"));
  CHECK(scene.send(scene.bot, room, "2", edit(id, "booting")).status == 200);
  CHECK(scene.send(scene.bot, room, "3", edit(id, "ready")).status == 200);
  CHECK(scene.send(scene.alice, room, "4", edit(id, "mine")).status == 200);
  const auto shown = scene.ask("GET", Scene::in(room) + "/event/" + escaped(id), nullptr, scene.alice).body;
  CHECK(shown["content"]["body"] == "the plan");
  const auto latest = shown["unsigned"]["m.relations"]["m.replace"];
  CHECK(latest["content"]["m.new_content"]["body"] == "ready");
}

TEST_CASE("the same reaction twice is refused, until it was taken back") {
  Scene scene;
  const auto room = scene.shared_room();
  const auto id = event_id(scene.say(scene.bot, room, "1", "sure?"));
  const auto press = [&](const std::string& token, const std::string& txn, const std::string& key) {
    return scene.send(token, room, txn, reaction(id, key), "m.reaction");
  };
  const auto yes = event_id(press(scene.bot, "2", "✅"));
  const auto twice = press(scene.bot, "3", "✅");
  CHECK(twice.status == 400);
  CHECK(twice.errcode() == "M_DUPLICATE_ANNOTATION");
  CHECK(press(scene.bot, "4", "❌").status == 200);
  CHECK(press(scene.alice, "5", "✅").status == 200);
  const auto path =
      "/_matrix/client/v1/rooms/" + escaped(room) + "/relations/" + escaped(id) + "/m.annotation";
  CHECK(scene.ask("GET", path, nullptr, scene.alice).body["chunk"].size() == 3);
  const auto redact = Scene::in(room) + "/redact/" + escaped(yes) + "/6";
  CHECK(scene.ask("PUT", redact, json::object(), scene.bot).status == 200);
  CHECK(scene.ask("GET", path, nullptr, scene.alice).body["chunk"].size() == 2);
  CHECK(press(scene.bot, "7", "✅").status == 200);
}

TEST_CASE("what was taken back is empty, says why, and who took it back is told in the timeline") {
  Scene scene;
  const auto room = scene.shared_room();
  const std::string since = scene.sync(scene.alice)["next_batch"];
  const auto id = event_id(scene.say(scene.bot, room, "1", "a secret"));
  const auto path = Scene::in(room) + "/redact/" + escaped(id) + "/2";
  const auto redaction = event_id(scene.ask("PUT", path, {{"reason", "oops"}}, scene.bot));
  CHECK(event_id(scene.ask("PUT", path, json::object(), scene.bot)) == redaction);
  const auto events = Scene::joined(scene.sync(scene.alice, since), room)["timeline"]["events"];
  REQUIRE(events.size() == 2);
  CHECK(events[0]["content"].empty());
  CHECK(events[0]["unsigned"]["redacted_because"]["content"]["reason"] == "oops");
  CHECK(events[1]["type"] == "m.room.redaction");
  CHECK(events[1]["content"]["redacts"] == id);
  CHECK(events[1]["redacts"] == id);
  const auto others = Scene::in(room) + "/redact/" + escaped(redaction) + "/3";
  scene.home.add_user("eve");
  const auto eve = scene.log_in("eve", "E").body["access_token"];
  scene.home.join("@eve:devbox.test", room);
  CHECK(scene.ask("PUT", others, json::object(), eve).status == 403);
}

TEST_CASE("a thread starts at an event that relates to none") {
  Scene scene;
  const auto room = scene.shared_room();
  const auto root = event_id(scene.say(scene.bot, room, "1", "root"));
  const auto in_thread = [](const std::string& event) {
    return json{{"msgtype", "m.text"},
                {"body", "x"},
                {"m.relates_to", {{"rel_type", "m.thread"}, {"event_id", event}}}};
  };
  const auto reply = event_id(scene.send(scene.bot, room, "2", in_thread(root)));
  const auto refused = scene.send(scene.bot, room, "3", in_thread(reply));
  CHECK(refused.status == 400);
  CHECK(refused.errcode() == "M_UNKNOWN");
}

TEST_CASE("what relates to an event is in the same room as that") {
  Scene scene;
  const auto root = event_id(scene.say(scene.bot, scene.shared_room(), "1", "root"));
  const auto other = scene.shared_room();
  const auto elsewhere = scene.send(scene.bot, other, "2", edit(root, "x"));
  CHECK((elsewhere.status == 400 && elsewhere.body["error"] == "Relations must be in the same room"));
  const auto unknown = scene.send(scene.bot, other, "3", edit("$unknown", "x"));
  CHECK((unknown.status == 400 && unknown.body["error"] == "Can't send relation to unknown event"));
}

TEST_CASE("a picture is uploaded and can be fetched") {
  Scene scene;
  const auto uploaded = scene.ask("POST", "/_matrix/media/v3/upload?filename=cost.png", "\"png\"", scene.bot);
  const std::string uri = uploaded.body["content_uri"];
  CHECK(uri.starts_with("mxc://devbox.test/"));
  const auto id = uri.substr(uri.rfind('/') + 1);
  CHECK(scene.ask("GET", "/_matrix/client/v1/media/download/devbox.test/" + id, nullptr, scene.bot).body ==
        "png");
  CHECK(scene.ask("GET", "/_matrix/client/v1/media/config", nullptr, scene.bot).body["m.upload.size"] ==
        52'428'800);
}

TEST_CASE("what is no JSON object is refused") {
  Scene scene;
  const auto room = scene.shared_room();
  CHECK(scene.send(scene.bot, room, "1", "{").errcode() == "M_NOT_JSON");
  CHECK(scene.send(scene.bot, room, "1", "[]").errcode() == "M_BAD_JSON");
  CHECK(scene.ask("POST", api + "/login", "{\"type\":1}").errcode() == "M_BAD_JSON");
}
