#include "tests/bot/matrix/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

const std::string syncs = "GET */sync";

bool is_same(const In& one, const In& other) {
  return one.key == other.key && one.alias == other.alias && one.room == other.room &&
         one.thread == other.thread && one.sender == other.sender && one.text == other.text &&
         one.direct == other.direct && one.answer_to == other.answer_to;
}

/// A question of the bot's in the room.
std::string asked(Story& story) {
  story.post("op/sure", commands::Message{"Sure?", {}, {{"Yes, delete", "yes"}, {"No", "no"}}});
  story.settle();
  story.news();
  return story.process->storage.outbox.find("op/sure")->remote_id;
}

}  // namespace

TEST_CASE("what was said and where we are after it come in one batch") {
  Story story;
  story.start();
  story.process->batches.clear();
  const auto key = story.alice.say("!devbox watch w1");
  story.until([&] { return !story.heard().empty(); });
  const auto& batch = story.process->batches.at(0);
  REQUIRE(batch.messages.size() == 1);
  In expected;
  expected.key = key;
  expected.room = story.room;
  expected.sender = "matrix:@alice:devbox.test";
  expected.text = "!devbox watch w1";
  CHECK(is_same(batch.messages[0], expected));
  const auto position = story.home.events_of(story.room).back()->position;
  CHECK(batch.cursor == "s" + std::to_string(position));
  CHECK(story.process->storage.inbox.cursor("matrix") == batch.cursor);
}

TEST_CASE("the first sync of all asks in words that no homeserver has in a cache") {
  Story story;
  story.start();
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  story.lose_database();
  story.start();
  CHECK(story.news().empty());
  const auto since = story.queried(syncs, "since");
  const auto timeouts = story.queried(syncs, "timeout");
  REQUIRE(std::count(since.begin(), since.end(), "none") == 2);
  const auto second = std::find(since.begin() + 1, since.end(), "none") - since.begin();
  CHECK(timeouts.at(0) != timeouts.at(static_cast<std::size_t>(second)));
}

TEST_CASE("what was said before the first start of all is not for us, and what was said after it is") {
  Story story;
  story.alice.say("!devbox watch w1");
  story.pass(1s);
  story.fault({{"path", "*/sync"}, {"delay_ms", 1000}});
  story.launch();
  story.settle();
  story.alice.say("!devbox watch w2");
  story.pass(1s);
  CHECK(story.news() == Story::answers(2, 2));
}

TEST_CASE("a token that nothing of interest came with is written down every ten seconds") {
  Story story;
  story.start();
  const auto cursor = [&] { return story.process->storage.inbox.cursor("matrix"); };
  const auto first = cursor();
  story.alice.say("hello");
  story.pass(10s);
  CHECK(cursor() == first);
  story.alice.say("hello");
  story.settle();
  CHECK(cursor() == "s" + std::to_string(story.home.events_of(story.room).back()->position));
}

TEST_CASE("a command costs one sync and one message") {
  Story story;
  story.start();
  const auto before = story.requests("*").size();
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  const auto all = story.requests("*");
  REQUIRE(all.size() == before + 2);
  CHECK(all[before]["path"] == api + "/sync");
  CHECK(all[before + 1]["path"].get<std::string>().starts_with(api + "/rooms/"));
}

TEST_CASE("a start takes five requests, the last of them the first sync") {
  Story story;
  story.start();
  story.stop();
  const auto before = story.requests("*").size();
  story.start();
  const auto all = story.requests("*");
  Texts asked;
  for (auto row = all.begin() + static_cast<std::ptrdiff_t>(before); row != all.end(); ++row)
    asked.push_back((*row)["method"].get<std::string>() + " " + (*row)["path"].get<std::string>());
  const auto user = bot::matrix::escaped(story.devbox);
  CHECK(asked == Texts{"GET /_matrix/client/versions", "GET " + api + "/account/whoami",
                       "GET " + api + "/profile/" + user + "/displayname",
                       "POST " + api + "/user/" + user + "/filter", "GET " + api + "/sync"});
}

TEST_CASE("the name that the account bears calls the bot, and an account may have none") {
  const bool has_name = GENERATE(true, false);
  Story story;
  story.home.user(story.devbox).display_name = "Box of Devs";
  if (!has_name) story.fault({{"path", "*/displayname"}, {"status", 404}, {"code", "M_NOT_FOUND"}});
  story.start();
  CHECK(story.say("Box of Devs: watch w1") == (has_name ? Story::answers(1, 1) : ""));
  CHECK(story.say("@devbox: watch w2") == Story::answers(2, 2));
}

TEST_CASE("a start with a token asks for what is new at once, and waits for more after that") {
  Story story;
  story.start();
  story.stop();
  const auto known = story.count(syncs);
  story.start();
  const auto cursor = *story.process->storage.inbox.cursor("matrix");
  story.alice.say("hello");
  story.settle();
  const auto since = story.queried(syncs, "since");
  const auto timeouts = story.queried(syncs, "timeout");
  const auto first = static_cast<std::size_t>(known);
  CHECK(since.at(first) == cursor);
  CHECK(timeouts.at(first) == "0");
  CHECK(timeouts.at(first + 1) == "30000");
}

TEST_CASE("a long poll in which nothing happens is followed by another") {
  Story story;
  story.start();
  const auto before = story.count(syncs);
  for (int n = 0; n < 3; ++n) story.pass(30s);
  CHECK(story.count(syncs) == before + 3);
  CHECK(story.process->backend.health().trouble.empty());
}

TEST_CASE(
    "a token that the homeserver does not know any more makes it read the rooms anew, and run nothing "
    "twice") {
  Story story;
  story.start();
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  story.process->storage.inbox.set_cursor("matrix", "of another server");
  story.stop();
  story.alice.say("!devbox watch w2");
  story.start();
  CHECK(story.news() == Story::answers(2, 2));
  CHECK(story.say("!devbox watch w3") == Story::answers(3, 3));
}

TEST_CASE("a filter that was forgotten is made anew") {
  Story story;
  story.start();
  CHECK(story.count("POST */filter") == 1);
  story.ask("POST", "/_sim/forget_filters");
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  CHECK(story.say("!devbox watch w2") == Story::answers(2, 2));
  CHECK(story.count("POST */filter") == 2);
}

TEST_CASE("a homeserver that tells every event twice is answered once") {
  Story story;
  story.start();
  story.ask("POST", "/_sim/duplicate", {{"on", true}});
  std::string all;
  for (int n = 1; n <= 5; ++n) all += story.say("!devbox watch w" + std::to_string(n));
  CHECK(all == Story::answers(1, 5));
  CHECK(story.heard().size() > 5);
}

TEST_CASE("events that are none are skipped, and what comes with them is not") {
  Story story;
  story.start();
  const auto event = [](const json& more) {
    json made = {{"event_id", "$x"},
                 {"type", "m.room.message"},
                 {"sender", "@alice:devbox.test"},
                 {"origin_server_ts", 1},
                 {"content", {{"msgtype", "m.text"}, {"body", "!devbox watch w9"}}}};
    made.merge_patch(more);
    return made.dump();
  };
  story.stop();
  const Texts wrong = {"[]",
                       "7",
                       "null",
                       event({{"sender", 7}}),
                       event({{"event_id", nullptr}}),
                       event({{"content", {{"body", nullptr}}}}),
                       event({{"content", {{"body", {{"a", 1}}}}}}),
                       event({{"content", {{"msgtype", 1}}}}),
                       event({{"content", nullptr}}),
                       event({{"type", "m.reaction"}}),
                       event({{"type", "m.room.tombstone"}, {"state_key", ""}}),
                       event({{"type", "m.room.member"}, {"state_key", 3}}),
                       std::string(2000, '[') + std::string(2000, ']')};
  for (const auto& one : wrong) story.home.inject(story.room, one);
  story.alice.say("!devbox watch w1");
  story.start();
  CHECK(story.news() == Story::answers(1, 1));
  CHECK(story.heard_texts() == Texts{"!devbox watch w1"});
}

TEST_CASE("who is ignored is not heard, in no way") {
  Story story;
  story.options.ignore = {"@otherbot:devbox.test"};
  simulator::Person other(story.home, "otherbot", story.room);
  story.start();
  const auto question = asked(story);
  other.say("!devbox watch w1");
  other.react(question, "✅");
  CHECK(story.say("!devbox watch w2") == Story::answers(2, 2));
  CHECK(story.heard_texts() == Texts{"!devbox watch w2"});
}

TEST_CASE("what bots say, what was changed or taken back, and what is not meant for us is no command") {
  Story story;
  story.start();
  story.stop();
  const auto original = story.alice.say("hello all");
  story.home.say(story.alice.id(), story.room, "!devbox watch w1", {{"msgtype", "m.notice"}});
  story.home.say(story.alice.id(), story.room, "!devbox watch w2", {{"msgtype", "m.emote"}});
  story.alice.edit(original, "!devbox watch w3");
  story.alice.redact(story.alice.say("!devbox watch w4"));
  story.alice.say("watch w5");
  story.alice.say("!devbox2 watch w6");
  story.alice.say("!devbox watch w7");
  story.start();
  CHECK(story.news() == Story::answers(7, 7));
  CHECK(story.heard_texts() == Texts{"!devbox watch w7"});
}

TEST_CASE("what the bot says itself it does not hear") {
  Story story;
  story.start();
  story.post("op/line", "!devbox watch w1");
  story.settle();
  CHECK(story.news() == "!devbox watch w1\n");
  CHECK(story.heard().empty());
}

TEST_CASE("a command in a thread is answered there") {
  Story story;
  story.start();
  const auto root = story.alice.say("about devbox");
  const json thread = {{"m.relates_to", {{"rel_type", "m.thread"}, {"event_id", root}}}};
  story.home.say(story.alice.id(), story.room, "!devbox watch w1", thread);
  story.settle();
  CHECK(story.news() == Story::answers(1, 1));
  CHECK(story.heard().at(0).thread == root);
  CHECK(story.alice.find_newest()->content["m.relates_to"]["rel_type"] == "m.thread");
  CHECK(story.alice.find_newest()->content["m.relates_to"]["event_id"] == root);
}

TEST_CASE("a reaction under a question is the word it stands for, from whoever pressed it") {
  Story story;
  story.start();
  const auto question = asked(story);
  In expected;
  expected.key = story.alice.react(question, "✅\xEF\xB8\x8F");
  expected.room = story.room;
  expected.sender = "matrix:@alice:devbox.test";
  expected.text = "yes";
  expected.direct = true;
  expected.answer_to = "op/sure";
  story.settle();
  REQUIRE(story.heard().size() == 1);
  CHECK(is_same(story.heard()[0], expected));
}

TEST_CASE("a question may be answered before the bot knows that it was asked") {
  const bool has_died = GENERATE(true, false);
  Story story;
  story.start();
  story.fault({{"path", "*/send/*"}, {"cut", "after"}});
  asked(story);
  const auto question = story.home.events_of(story.room).back()->id;
  REQUIRE(story.state_of("op/sure") == "sending");
  if (has_died) story.stop();
  story.alice.react(question, "✅");
  if (has_died) story.launch();
  for (int seconds = 0; seconds < 3; ++seconds) story.pass(1s);
  CHECK(story.heard_texts() == Texts{"yes"});
  CHECK(story.state_of("op/sure") == "sent");
}

TEST_CASE("a press waits for no question that does not get through for half a minute") {
  Story story;
  story.start();
  story.fault({{"path", "*/send/*"}, {"cut", "after"}, {"count", 1000}});
  asked(story);
  story.alice.react(story.home.events_of(story.room).back()->id, "✅");
  story.alice.say("!devbox watch w1");
  story.settle();
  CHECK(story.heard().empty());
  story.pass(31s);
  CHECK(story.heard_texts() == Texts{"!devbox watch w1"});
}

TEST_CASE("a reaction that is no choice, or under anything else, is nothing to us") {
  Story story;
  story.start();
  const auto question = asked(story);
  story.alice.react(question, "🎉");
  story.alice.react(story.alice.say("hello"), "✅");
  story.settle();
  CHECK(story.heard().empty());
}

TEST_CASE("a reaction in another room answers no question, whatever it points to") {
  Story story;
  const auto other = story.home.create_room(story.alice.id(), {{"preset", "public_chat"}});
  story.home.join(story.devbox, other);
  story.options.rooms.push_back(other);
  story.start();
  const json relation = {{"rel_type", "m.annotation"}, {"event_id", asked(story)}, {"key", "✅"}};
  const json press = {{"event_id", "$x"},
                      {"type", "m.reaction"},
                      {"sender", story.alice.id()},
                      {"origin_server_ts", story.home.now()},
                      {"content", {{"m.relates_to", relation}}}};
  story.home.inject(other, press.dump());
  story.settle();
  CHECK(story.heard().empty());
  story.home.inject(story.room, press.dump());
  story.settle();
  CHECK(story.heard_texts() == Texts{"yes"});
}

TEST_CASE("a press that is older than ten minutes is neither run nor told") {
  Story story;
  story.start();
  const auto question = asked(story);
  story.stop();
  story.alice.react(question, "✅");
  story.pass(11min);
  story.start();
  CHECK(story.heard().empty());
  CHECK(story.news().empty());
}
