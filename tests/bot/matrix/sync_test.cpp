#include "bot/matrix/event.hpp"
#include "tests/bot/matrix/told.hpp"
#include "tests/catch.hpp"

using namespace bot::matrix;
using nlohmann::json;

namespace {

const std::string self = "@devbox:hs";
constexpr net::Time now{std::chrono::milliseconds(1'000'000)};

json read(const std::string& body) { return told(parse_sync(body, self, now)); }
json read(const json& body) { return read(body.dump()); }

std::string text(const std::string& id, const std::string& more = "") {
  return R"({"event_id":")" + id + R"(","type":"m.room.message","sender":"@a:hs","origin_server_ts":7,)" +
         R"("content":{"msgtype":"m.text","body":"up")" + more + "}}";
}

std::string timeline(const std::string& events) {
  return R"({"next_batch":"s2","rooms":{"join":{"!r":{"timeline":{"events":[)" + events + "]}}}}}";
}

json texts(const std::string& events) {
  const auto all = read(timeline(events));
  CHECK(all.at("skipped") == json::array());
  return all.at("joined").at("!r").at("timeline");
}

std::string repeated(const std::string& piece, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

}  // namespace

TEST_CASE("a sync is read whole") {
  const auto body = R"({
    "next_batch": "s72",
    "account_data": {"events": [
      {"type": "m.push_rules", "content": {}},
      {"type": "m.direct", "content": {"@a:hs": ["!dm", "!old", 7], "@b:hs": "!x", "@c:hs": ["!dm"]}}]},
    "rooms": {
      "join": {"!r": {
        "summary": {"m.joined_member_count": 2, "m.invited_member_count": 1, "m.heroes": ["@a:hs"]},
        "state": {"events": [
          {"type": "m.room.create", "state_key": "", "event_id": "$c", "sender": "@a:hs", "content": {}},
          {"type": "m.room.encryption", "state_key": "", "sender": "@a:hs", "content": {"algorithm": "x"}}]},
        "timeline": {"limited": true, "prev_batch": "t5", "events": [
          {"event_id": "$1", "type": "m.room.message", "sender": "@a:hs", "origin_server_ts": 5,
           "unsigned": {"age": 400000}, "content": {"msgtype": "m.text", "body": "!devbox up"}},
          {"event_id": "$2", "type": "m.room.message", "sender": "@devbox:hs", "content": {"msgtype": "m.text", "body": "no"}},
          {"event_id": "$3", "type": "m.room.member", "state_key": "@b:hs", "sender": "@b:hs", "origin_server_ts": 6,
           "content": {"membership": "leave"}}]}},
        "!dm": {}},
      "invite": {
        "!i": {"invite_state": {"events": [
          {"type": "m.room.encryption", "state_key": "", "sender": "@a:hs", "content": {"algorithm": "x"}},
          {"type": "m.room.member", "state_key": "@a:hs", "sender": "@a:hs", "content": {"membership": "join"}},
          {"type": "m.room.member", "state_key": "@devbox:hs", "sender": "@a:hs",
           "content": {"membership": "invite", "is_direct": true}}]}},
        "!j": {}},
      "leave": {"!l": {"timeline": {}}, "!m": {}},
      "knock": {"!k": {}}}})";
  const json timeline = {
      {{"id", "$1"}, {"sender", "@a:hs"}, {"sent", 600'000}, {"text", "!devbox up"}},
      {{"id", "$3"}, {"sender", "@b:hs"}, {"sent", 6}, {"member", {"@b:hs", "leave", false}}}};
  const json state = {{{"id", ""}, {"sender", "@a:hs"}, {"sent", 1'000'000}, {"encryption", true}}};
  CHECK(read(std::string(body)) ==
        json{{"next_batch", "s72"},
             {"left", {"!l", "!m"}},
             {"skipped", json::array()},
             {"direct", {{"!dm", "@a:hs"}, {"!old", "@a:hs"}}},
             {"invited", {{"!i", {"@a:hs", true, true}}, {"!j", {"", false, false}}}},
             {"joined",
              {{"!r",
                {{"state", state},
                 {"timeline", timeline},
                 {"limited", true},
                 {"prev_batch", "t5"},
                 {"members", 3}}},
               {"!dm",
                {{"state", json::array()},
                 {"timeline", json::array()},
                 {"limited", false},
                 {"prev_batch", ""}}}}}});
}

TEST_CASE("a quiet sync brings nothing") {
  const json nothing = {{"next_batch", "s"}, {"left", json::array()}, {"skipped", json::array()}};
  CHECK(read(json{{"next_batch", "s"}}) == nothing);
  for (const json& odd : json{nullptr, 7, "x", json::array({7}), json::object(), true}) {
    INFO(odd);
    CHECK(read(json{{"next_batch", "s"}, {"rooms", odd}, {"account_data", odd}}) == nothing);
    CHECK(read(json{{"next_batch", "s"}, {"rooms", {{"join", odd}, {"invite", odd}, {"leave", odd}}}}) ==
          nothing);
  }
  const json unmarked = {
      {"next_batch", "s"},
      {"account_data", {{"events", {7, {{"type", "m.direct"}, {"content", json::object()}}}}}}};
  CHECK(read(unmarked).at("direct") == json::object());
}

TEST_CASE("one odd room or event does not hide the others") {
  const json one = json::parse(text("$1"));
  const json body = {
      {"next_batch", "s"},
      {"rooms",
       {{"join",
         {{"!a", 7},
          {"!b",
           {{"timeline", {{"events", {"x", one, json::array()}}, {"limited", "yes"}, {"prev_batch", 7}}}}},
          {"!c", {{"timeline", {{"events", "none"}}}, {"state", json::array()}, {"summary", 7}}},
          {"", json::object()}}},
        {"leave", {{"!d", nullptr}, {"!e", json::object()}}}}}};
  const json event = {{"id", "$1"}, {"sender", "@a:hs"}, {"sent", 7}, {"text", "up"}};
  const json empty = {
      {"state", json::array()}, {"timeline", json::array()}, {"limited", false}, {"prev_batch", ""}};
  auto with_event = empty;
  with_event["timeline"] = {event};
  CHECK(read(body) ==
        json{{"next_batch", "s"},
             {"joined", {{"!b", with_event}, {"!c", empty}}},
             {"left", {"!e"}},
             {"skipped",
              {"a room is left out: its id is none", "what happened in !a is left out: it is no object",
               "event without id in !b is left out: it is no object",
               "event without id in !b is left out: it is no object",
               "what happened in !d is left out: it is no object"}}});
}

TEST_CASE("members are known when both counts are") {
  const auto members = [](const json& joined, const json& invited) -> json {
    const json summary = {{"m.joined_member_count", joined}, {"m.invited_member_count", invited}};
    const auto room = read(json{{"next_batch", "s"}, {"rooms", {{"join", {{"!r", {{"summary", summary}}}}}}}})
                          .at("joined")
                          .at("!r");
    return room.value("members", json());
  };
  CHECK(members(2, 0) == 2);
  CHECK(members(1, 3) == 4);
  for (const json& odd : json{nullptr, "2", -1, 2.0, INT64_MAX, UINT64_MAX}) {
    CHECK(members(odd, 0) == json());
    CHECK(members(2, odd) == json());
  }
}

TEST_CASE("what is no sync is refused") {
  const std::string no_json[] = {"", "<html>", "{\"next_batch\":\"s\"", "{\"next_batch\":\"s\xFF\"}"};
  for (const auto& body : no_json) CHECK_THROWS_WITH(read(body), "The homeserver's answer is no JSON.");
  for (const std::string body : {"[]", "7", "null", "\"s\""})
    CHECK_THROWS_WITH(read(body), "The homeserver's answer is no JSON object.");
  for (const std::string body : {"{}", R"({"next_batch":7})", R"({"next_batch":""})"})
    CHECK_THROWS_WITH(read(body), "The homeserver's answer to a sync has no next_batch.");
  CHECK_THROWS_AS(parse_page("{", self, now), BadAnswer);
  CHECK_THROWS_WITH(parse_page(R"({"chunk":{}})", self, now),
                    "The homeserver's page of messages has no chunk.");
}

TEST_CASE("a page keeps the order asked for, and its end is the last") {
  const auto page =
      parse_page(R"({"start":"a","end":"b","chunk":[)" + text("$2") + "," + text("$1") + "]}", self, now);
  CHECK(page.end == "b");
  REQUIRE(page.events.size() == 2);
  CHECK(page.events[0].id == "$2");
  CHECK(page.events[1].id == "$1");
  CHECK(parse_page(R"({"chunk":[]})", self, now).end.empty());
}

TEST_CASE("values the JSON library refuses spoil no sync") {
  const json read_as = {{{"id", "$1"}, {"sender", "@a:hs"}, {"sent", 7}, {"text", "up"}}};
  const std::string refused[] = {",\"x\":1e999",
                                 ",\"x\":-1E999",
                                 ",\"x\":" + repeated("9", 400),
                                 R"(,"x":"\ud83d")",
                                 R"(,"x":"\udc00\ud83d x")",
                                 R"(,"x":"1e999 \" \\\ud83dx \ud83d\ude00")"};
  for (const auto& more : refused) CHECK(texts(text("$1", more)) == read_as);
  const auto half =
      texts(R"({"event_id":"$1","type":"m.room.message","sender":"@a:hs","origin_server_ts":7,)"
            R"("content":{"msgtype":"m.text","body":"\ud83d \ud83d\ude00 \"1e999\\","x":-1e999}})");
  CHECK(half.at(0).at("text") == "\uFFFD 😀 \"1e999\\");
}

TEST_CASE("large and deep events are read like others") {
  const std::string large(60'000, 'x');
  CHECK(texts(text("$1", ",\"body\":\"" + large + "\"")).at(0).at("text") == large);
  constexpr std::size_t deep = 100'000;
  const auto nested = ",\"x\":" + repeated("[", deep) + repeated("]", deep) +
                      ",\"y\":" + repeated("{\"a\":", deep) + "1" + repeated("}", deep);
  CHECK(texts(text("$1", nested) + "," + text("$2")).size() == 2);
}
