#include "tests/bot/matrix/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

const std::string joins = "POST */join/*";
const std::string leaves = "POST */leave";

/// The bot is in no room yet; alice may invite it.
struct Guests : Story {
  Guests() {
    home.leave(devbox, room);
    options.rooms.clear();
    options.inviters = {alice.id()};
  }
  std::string make_room(const json& body = json::object()) { return home.create_room(alice.id(), body); }
  std::string invite_to_room(const json& body = json::object()) {
    auto all = body;
    all["invite"] = {devbox};
    return make_room(all);
  }
  [[nodiscard]] std::string membership(const std::string& in) { return home.room(in).membership(devbox); }
  /// alice says it in that room; what is there after it.
  std::string say_in(const std::string& in, const std::string& text) {
    home.say(alice.id(), in, text);
    settle();
    return simulator::Person(home, "alice", in).screen();
  }
  [[nodiscard]] std::string known_as(const std::string& id) {
    const auto row = process->storage.rooms.find("matrix", id);
    return row ? row->state : "";
  }
};

const json is_public = {{"preset", "public_chat"}};
const json encryption = {{"type", "m.room.encryption"}, {"content", {{"algorithm", "m.megolm.v1.aes-sha2"}}}};

const std::string cannot_read =
    "✗ This room is encrypted, and I cannot read encrypted rooms: I see that something is said, not what. "
    "Please make a room with encryption switched off (encryption cannot be switched off later), invite "
    "@devbox:devbox.test there and talk to me in it.\n";

}  // namespace

TEST_CASE("a room of the configuration is joined, by its id, and listened to") {
  Guests story;
  story.options.rooms = {story.room};
  story.start();
  CHECK(story.membership(story.room) == "join");
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  story.restart();
  CHECK(story.count(joins) == 1);
}

TEST_CASE("a room of the configuration is joined by its alias") {
  Guests story;
  const auto ops = story.make_room({{"preset", "public_chat"}, {"room_alias_name", "ops"}});
  story.options.rooms = {"#ops:devbox.test"};
  story.start();
  CHECK(story.membership(ops) == "join");
  CHECK(story.say_in(ops, "!devbox watch w1") == Story::answers(1, 1));
}

TEST_CASE("an alias that was moved to another room is not followed there") {
  Guests story;
  const auto ops = story.make_room({{"preset", "public_chat"}, {"room_alias_name", "ops"}});
  story.options.rooms = {"#ops:devbox.test"};
  story.start();
  const auto other = story.make_room(is_public);
  story.contents.aliases["#ops:devbox.test"] = other;
  const bool was_put_out = GENERATE(true, false);
  if (was_put_out) story.home.kick(story.alice.id(), ops, story.devbox);
  story.settle();
  story.restart();
  CHECK(story.membership(other).empty());
  CHECK(story.say_in(ops, "!devbox watch w1") == Story::answers(1, 1));
}

TEST_CASE("an alias that leads nowhere is looked up again every five minutes, until it leads to a room") {
  Guests story;
  story.options.rooms = {"#ops:devbox.test"};
  story.start();
  const std::string lookups = "GET */directory/room/*";
  CHECK(story.count(lookups) == 1);
  story.pass(299s);
  CHECK(story.count(lookups) == 1);
  const auto ops = story.make_room({{"preset", "public_chat"}, {"room_alias_name", "ops"}});
  story.pass(1s);
  CHECK(story.membership(ops) == "join");
}

TEST_CASE("a room that it is in and that nobody named is not listened to") {
  Guests story;
  story.home.join(story.devbox, story.room);
  story.start();
  CHECK(story.say("!devbox watch w1").empty());
  CHECK(story.heard().empty());
}

TEST_CASE("whom it was told to follow may invite it, and the room is its own after that") {
  Guests story;
  story.start();
  const auto invited = story.invite_to_room();
  story.settle();
  CHECK(story.membership(invited) == "join");
  CHECK(story.say_in(invited, "!devbox watch w1") == Story::answers(1, 1));
  story.restart();
  CHECK(story.say_in(invited, "!devbox watch w2") == Story::answers(1, 2));
}

TEST_CASE("an invitation that came while it was away, or before its first start, is taken up") {
  const bool was_there = GENERATE(true, false);
  Guests story;
  if (was_there) story.start();
  story.stop();
  const auto invited = story.invite_to_room();
  story.start();
  CHECK(story.membership(invited) == "join");
}

TEST_CASE("what is said right after an invitation is heard, however late the bot hears of it") {
  const bool was_there = GENERATE(true, false);
  Guests story;
  if (was_there) story.start();
  story.stop();
  const auto invited = story.make_room();
  story.home.say(story.alice.id(), invited, "!devbox watch w1");
  story.pass(1s);
  story.home.invite(story.alice.id(), invited, story.devbox);
  story.pass(1s);
  story.home.say(story.alice.id(), invited, "!devbox watch w2");
  story.pass(1min);
  story.start();
  CHECK(simulator::Person(story.home, "alice", invited).screen() == Story::answers(2, 2));
}

TEST_CASE("an invitation of anybody else is declined") {
  Guests story;
  story.start();
  const auto eve = story.home.add_user("eve");
  const auto hers = story.home.create_room(eve, {{"invite", {story.devbox}}});
  story.settle();
  CHECK(story.membership(hers) == "leave");
  CHECK(story.known_as(hers).empty());
  CHECK(story.count(joins) == 0);
  CHECK(story.count(leaves) == 1);
}

TEST_CASE("an invitation to a room of the configuration is taken from anybody") {
  Guests story;
  const auto eve = story.home.add_user("eve");
  const auto hers = story.home.create_room(eve);
  story.options.rooms = {hers};
  story.start();
  CHECK(story.known_as(hers) == "awaited");
  story.home.invite(eve, hers, story.devbox);
  story.settle();
  CHECK(story.membership(hers) == "join");
}

TEST_CASE("an invitation that is here before its room is tried again after 2, 10 and 30 seconds") {
  Guests story;
  story.start();
  story.fault({{"path", "*/join/*"}, {"status", 403}, {"code", "M_FORBIDDEN"}, {"count", 2}});
  const auto invited = story.invite_to_room();
  story.settle();
  CHECK(story.count(joins) == 1);
  story.pass(2s);
  CHECK(story.count(joins) == 2);
  CHECK(story.membership(invited) == "invite");
  story.pass(9s);
  CHECK(story.count(joins) == 2);
  story.pass(1s);
  CHECK(story.count(joins) == 3);
  CHECK(story.membership(invited) == "join");
}

TEST_CASE("a room that stays closed is waited for, and asked for no more until it is opened") {
  Guests story;
  story.start();
  story.fault({{"path", "*/join/*"}, {"status", 403}, {"code", "M_FORBIDDEN"}, {"count", 4}});
  const auto invited = story.invite_to_room();
  for (const auto pause : {2s, 10s, 30s, 60s}) story.pass(pause);
  CHECK(story.count(joins) == 4);
  CHECK(story.known_as(invited) == "awaited");
  story.home.kick(story.alice.id(), invited, story.devbox);
  story.home.invite(story.alice.id(), invited, story.devbox);
  story.settle();
  CHECK(story.membership(invited) == "join");
}

TEST_CASE("a homeserver that is in trouble when it should let us in is asked until it does") {
  Guests story;
  story.start();
  story.fault({{"path", "*/join/*"}, {"status", 502}, {"count", 3}});
  story.fault({{"path", "*/join/*"}, {"cut", "after"}});
  const auto invited = story.invite_to_room();
  for (int n = 0; n < 4; ++n) story.pass(30s);
  CHECK(story.membership(invited) == "join");
  CHECK(story.known_as(invited) == "joined");
  CHECK(story.count(joins) == 5);
}

TEST_CASE("who was put out of a room and is invited again is back, and deaf to what was said meanwhile") {
  Guests story;
  story.start();
  const auto invited = story.invite_to_room();
  story.settle();
  story.home.kick(story.alice.id(), invited, story.devbox);
  story.settle();
  CHECK(story.known_as(invited) == "left");
  story.pass(1s);
  story.home.say(story.alice.id(), invited, "!devbox watch w1");
  story.pass(1s);
  story.home.invite(story.alice.id(), invited, story.devbox);
  story.settle();
  CHECK(story.say_in(invited, "!devbox watch w2") == Story::answers(2, 2));
}

TEST_CASE("a public room that was replaced is followed, and what is for the old one goes to the new one") {
  Story story;
  story.start();
  const auto made = story.home.upgrade(story.alice.id(), story.room);
  story.settle();
  simulator::Person alice(story.home, "alice", made);
  alice.say("!devbox watch w1");
  story.settle();
  story.post("op/ready", "ready");
  story.settle();
  CHECK(alice.screen() == Story::answers(1, 1) + "ready\n");
  CHECK(story.alice.screen().empty());
}

TEST_CASE("a private room that was replaced is followed when anybody there invites") {
  Guests story;
  story.start();
  const auto old = story.invite_to_room();
  story.settle();
  const auto eve = story.home.add_user("eve");
  story.home.invite(story.alice.id(), old, eve);
  story.home.join(eve, old);
  const auto made = story.home.upgrade(story.alice.id(), old);
  story.settle();
  CHECK(story.known_as(made) == "awaited");
  story.home.invite(story.alice.id(), made, eve);
  story.home.join(eve, made);
  story.home.invite(eve, made, story.devbox);
  story.settle();
  CHECK(story.membership(made) == "join");
  CHECK(story.say_in(made, "!devbox watch w1") == Story::answers(1, 1));
  story.restart();
  CHECK(story.say_in(made, "!devbox watch w2") == Story::answers(1, 2));
}

TEST_CASE("a room that does not say whom it replaces is left, and the old one stays ours") {
  Story story;
  story.start();
  const auto other = story.home.create_room(story.alice.id(), is_public);
  story.home.set_state(story.alice.id(), story.room, "m.room.tombstone", "",
                       {{"body", "moved"}, {"replacement_room", other}});
  story.settle();
  CHECK(story.home.room(other).membership(story.devbox) == "leave");
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  story.restart();
  CHECK(story.say("!devbox watch w2") == Story::answers(2, 2));
  CHECK(story.home.room(other).membership(story.devbox) == "leave");
  CHECK(story.count(joins) == 1);
}

TEST_CASE(
    "in a room for two every line is a command, until a third comes in, and again when they are alone") {
  Guests story;
  story.start();
  const auto direct = story.invite_to_room({{"is_direct", true}});
  story.settle();
  CHECK(story.say_in(direct, "watch w1") == Story::answers(1, 1));
  const auto eve = story.home.add_user("eve");
  story.home.invite(story.alice.id(), direct, eve);
  story.settle();
  CHECK(story.say_in(direct, "watch w9") == Story::answers(1, 1));
  CHECK(story.say_in(direct, "!devbox watch w2") == Story::answers(1, 2));
  story.home.leave(eve, direct);
  story.settle();
  CHECK(story.say_in(direct, "watch w3") == Story::answers(1, 3));
}

TEST_CASE("a direct room is known again after a lost database, from the account") {
  Guests story;
  story.start();
  const auto direct = story.invite_to_room({{"is_direct", true}});
  story.settle();
  const json told = {{story.alice.id(), {direct}}};
  CHECK(story.home.user(story.devbox).account_data.at("m.direct").content == told);
  story.lose_database();
  story.pass(1s);
  story.start();
  CHECK(story.say_in(direct, "watch w1") == Story::answers(1, 1));
}

TEST_CASE("a direct room is written beside those that the account knows") {
  Guests story;
  story.home.set_account_data(story.devbox, "m.direct", {{"@eve:devbox.test", {"!hers"}}});
  story.start();
  const auto direct = story.invite_to_room({{"is_direct", true}});
  story.settle();
  const json told = {{"@eve:devbox.test", {"!hers"}}, {story.alice.id(), {direct}}};
  CHECK(story.home.user(story.devbox).account_data.at("m.direct").content == told);
}

TEST_CASE("a room that is encrypted, or becomes it, is told once that it cannot be read") {
  const bool is_born_so = GENERATE(true, false);
  Guests story;
  story.start();
  const auto secret =
      story.invite_to_room(is_born_so ? json{{"initial_state", json::array({encryption})}} : json::object());
  story.settle();
  if (!is_born_so) {
    CHECK(story.say_in(secret, "!devbox watch w1") == Story::answers(1, 1));
    story.home.set_state(story.alice.id(), secret, "m.room.encryption", "", encryption["content"]);
  }
  for (int n = 0; n < 3; ++n) {
    story.home.post(story.alice.id(), secret, "m.room.encrypted", {{"algorithm", "m.megolm.v1.aes-sha2"}});
    story.settle();
  }
  story.restart();
  CHECK(story.say_in(secret, "hello") == (is_born_so ? "" : Story::answers(1, 1)) + cannot_read);
  CHECK(story.count("*keys*") == 0);
}
