#include "bot/matrix/event.hpp"

#include "tests/bot/matrix/told.hpp"
#include "tests/catch.hpp"

using namespace bot::matrix;
using nlohmann::json;

namespace {

const std::string self = "@devbox:hs";
constexpr net::Time now{std::chrono::milliseconds(1'000'000)};

json event(const std::string& type, const json& content) {
  return {{"event_id", "$1"},
          {"type", type},
          {"sender", "@a:hs"},
          {"origin_server_ts", 900'000},
          {"content", content}};
}
json message(const json& content) { return event("m.room.message", content); }
json state(const std::string& type, const std::string& key, const json& content) {
  auto one = event(type, content);
  one["state_key"] = key;
  return one;
}
json with(json one, const std::string& pointer, const json& value) {
  one[json::json_pointer(pointer)] = value;
  return one;
}
json without(json one, const std::string& name) {
  one.erase(name);
  return one;
}

Page read(const json& chunk) { return parse_page(json{{"chunk", chunk}, {"start", "s"}}.dump(), self, now); }

/// What is read of the one event but its id, sender and time; null when nothing is.
json what(const json& source) {
  const auto page = read(json::array({source}));
  CHECK(page.skipped == std::vector<std::string>());
  if (page.events.empty()) return nullptr;
  auto all = told(page.events.at(0));
  CHECK(all.at("id") == "$1");
  CHECK(all.at("sent") == 900'000);
  for (const auto* name : {"id", "sender", "sent"}) all.erase(name);
  return all;
}

/// The sentence that is left of the one event.
std::string sentence(const json& source) {
  const auto page = read(json::array({source}));
  CHECK(page.events.empty());
  return page.skipped.size() == 1 ? page.skipped[0] : std::to_string(page.skipped.size()) + " sentences";
}

const json said = {{"msgtype", "m.text"}, {"body", "!devbox up"}};

}  // namespace

TEST_CASE("a text is read with its HTML, mentions and thread") {
  CHECK(what(message(said)) == json{{"text", "!devbox up"}});
  auto full = said;
  full["format"] = "org.matrix.custom.html";
  full["formatted_body"] = "<b>up</b>";
  full["m.mentions"] = {{"user_ids", {"@devbox:hs", 7, "@b:hs"}}, {"room", true}};
  full["m.relates_to"] = {{"rel_type", "m.thread"}, {"event_id", "$root"}, {"is_falling_back", true}};
  CHECK(what(message(full)) == json{{"text", "!devbox up"},
                                    {"html", "<b>up</b>"},
                                    {"mentions", {"@devbox:hs", "@b:hs"}},
                                    {"thread", "$root"}});
}

TEST_CASE("fields of another type are as good as absent") {
  const json odd[] = {nullptr, 7, "7", json::array(), json::object(), json::array({json::object()}), true};
  for (const auto& value : odd)
    for (const auto* name :
         {"format", "formatted_body", "m.mentions", "m.relates_to", "m.new_content", "unknown"}) {
      INFO(name << " = " << value);
      CHECK(what(message(with(said, std::string("/") + name, value))) == json{{"text", "!devbox up"}});
      CHECK(what(with(message(said), "/unsigned", value)) == json{{"text", "!devbox up"}});
    }
  auto relation = with(said, "/m.relates_to", {{"rel_type", "x.unknown"}, {"event_id", "$root"}});
  CHECK(what(message(relation)) == json{{"text", "!devbox up"}});
  relation["m.relates_to"]["rel_type"] = 7;
  CHECK(what(message(relation)) == json{{"text", "!devbox up"}});
}

TEST_CASE("what old clients quote before an answer is not part of it") {
  const std::pair<const char*, const char*> bodies[] = {
      {"> <@b:hs> is it up?\n\n!devbox status", "!devbox status"},
      {"> * <@b:hs> waves\n\nup", "up"},
      {"> <@b:hs> one\n> two\n>\n\nup\n\nplease", "up\n\nplease"},
      {"> <@b:hs> one\nup", "> <@b:hs> one\nup"},
      {"> <@b:hs> one\n\n", ""},
      {"> <@b:hs> one", "> <@b:hs> one"},
      {"> quoted\n\nup", "> quoted\n\nup"},
  };
  for (const auto& [body, text] : bodies)
    CHECK(what(message(with(said, "/body", body))) == json{{"text", text}});
  auto html = with(said, "/format", "org.matrix.custom.html");
  html["formatted_body"] = "<mx-reply><blockquote>old</blockquote></mx-reply><b>up</b>";
  CHECK(what(message(html)).at("html") == "<b>up</b>");
}

TEST_CASE("reactions, redactions, tombstones, encryption and memberships are read") {
  const json pressed = {
      {"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", "$q"}, {"key", "✔️"}}}};
  CHECK(what(event("m.reaction", pressed)) == json{{"reaction", {"$q", "✔"}}});
  CHECK(what(event("m.room.redaction", {{"redacts", "$q"}})) == json{{"redaction", "$q"}});
  CHECK(what(with(event("m.room.redaction", {{"reason", "x"}}), "/redacts", "$q")) ==
        json{{"redaction", "$q"}});
  CHECK(what(event("m.room.encrypted", {{"algorithm", "m.megolm.v1.aes-sha2"}})) ==
        json{{"unreadable", true}});
  CHECK(what(state("m.room.tombstone", "", {{"replacement_room", "!new"}})) == json{{"tombstone", "!new"}});
  CHECK(what(state("m.room.encryption", "", {{"algorithm", "m.megolm.v1.aes-sha2"}})) ==
        json{{"encryption", true}});
  CHECK(what(state("m.room.member", "@b:hs", {{"membership", "invite"}, {"is_direct", true}})) ==
        json{{"member", {"@b:hs", "invite", true}}});
}

TEST_CASE("what is nothing to us is left out without a word") {
  const json replace = {{"rel_type", "m.replace"}, {"event_id", "$old"}};
  const json because = {{"redacted_because", json::object()}};
  const json dull[] = {
      message({{"msgtype", "m.notice"}, {"body", "!devbox up"}}),
      message({{"msgtype", "m.emote"}, {"body", "!devbox up"}}),
      message({{"msgtype", "m.image"}, {"body", "!devbox up"}, {"url", "mxc://hs/x"}}),
      message(with(said, "/m.relates_to", replace)),
      event("m.room.encrypted", {{"ciphertext", "x"}, {"m.relates_to", replace}}),
      message(json::object()),
      event("m.reaction", json::object()),
      with(message(said), "/unsigned", because),
      with(message(said), "/sender", self),
      with(message(said), "/state_key", ""),
      with(state("m.room.member", "@b:hs", {{"membership", "invite"}}), "/sender", self),
      event("m.room.topic", {{"topic", 7}}),
      event("x.unknown", nullptr),
      event("m.room.tombstone", {{"replacement_room", "!trap"}}),
      event("m.room.encryption", {{"algorithm", "x"}}),
      event("m.room.member", {{"membership", "join"}}),
  };
  for (const auto& one : dull) {
    INFO(one);
    CHECK(what(one) == json());
  }
}

TEST_CASE("our own membership, and what a redaction leaves in force, is kept") {
  const auto joined = state("m.room.member", self, {{"membership", "join"}});
  CHECK(what(joined) == json{{"member", {self, "join", false}}});
  CHECK(what(with(joined, "/sender", self)) == json{{"member", {self, "join", false}}});
  CHECK(what(with(joined, "/unsigned", {{"redacted_because", json::object()}})) ==
        json{{"member", {self, "join", false}}});
  CHECK(what(state("m.room.encryption", "", json::object())) == json{{"encryption", true}});
}

TEST_CASE("a malformed event is left out with a sentence that does not repeat it") {
  const auto gone = [](const char* why) { return std::string("event $1 is left out: ") + why; };
  const std::pair<json, std::string> malformed[] = {
      {message({{"body", "secret"}}), gone("it has no msgtype")},
      {message({{"msgtype", 1}, {"body", "secret"}}), gone("it has no msgtype")},
      {message({{"msgtype", "m.text"}}), gone("its body is no text")},
      {message(with(said, "/body", nullptr)), gone("its body is no text")},
      {message(with(said, "/body", {"secret"})), gone("its body is no text")},
      {message(with(said, "/m.relates_to", {{"rel_type", "m.thread"}, {"event_id", "a b"}})),
       gone("its thread has no id")},
      {message("secret"), gone("it has no content")},
      {without(message(said), "content"), gone("it has no content")},
      {without(message(said), "type"), gone("it has no type")},
      {without(message(said), "sender"), gone("it has no sender")},
      {with(message(said), "/sender", "a:hs"), gone("it has no sender")},
      {with(message(said), "/sender", {"@a:hs"}), gone("it has no sender")},
      {without(message(said), "event_id"), "event without id is left out: it has no id"},
      {with(message(said), "/event_id", 7), "event without id is left out: it has no id"},
      {with(message(said), "/event_id", std::string(256, '$')),
       "event " + std::string(71, '$') + "… is left out: it has no id"},
      {with(message(said), "/event_id", "$\x1B[31m\n"), "event $[31m  is left out: it has no id"},
      {with(without(message(said), "sender"), "/room_id", "!r\u202Ex"),
       "event $1 in !rx is left out: it has no sender"},
      {event("m.reaction", {{"key", "x"}}), gone("it is no m.annotation")},
      {event("m.reaction", {{"m.relates_to", {{"rel_type", "m.annotation"}, {"key", "x"}}}}),
       gone("it does not say to what it reacts")},
      {event("m.reaction", {{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", "$q"}}}}),
       gone("it has no key")},
      {event("m.reaction",
             {{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", "$q"}, {"key", 1}}}}),
       gone("it has no key")},
      {event("m.room.redaction", {{"redacts", 7}}), gone("it does not say what it redacts")},
      {state("m.room.tombstone", "", {{"body", "moved"}}), gone("it names no replacement_room")},
      {state("m.room.member", "@b:hs", {{"membership", 1}}), gone("it has no membership")},
      {state("m.room.member", "", {{"membership", "join"}}), gone("it does not say whose membership it is")},
      {7, "event without id is left out: it is no object"},
      {nullptr, "event without id is left out: it is no object"},
  };
  for (const auto& [source, why] : malformed) CHECK(sentence(source) == why);
}

TEST_CASE("an event is as old as the homeserver says, else as its sender's does, and never from the future") {
  const auto sent = [](const json& unsigned_part, const json& stamp) {
    auto one = with(message(said), "/origin_server_ts", stamp);
    one["unsigned"] = unsigned_part;
    const auto page = read(json::array({one}));
    REQUIRE(page.events.size() == 1);
    return page.events[0].sent.time_since_epoch().count();
  };
  const auto aged = [&](const json& age) { return sent({{"age", age}}, 900'000); };
  CHECK(aged(0) == 1'000'000);
  CHECK(aged(40'000) == 960'000);
  for (const json& age :
       json{-1, "5", nullptr, 5.5, 1e300, 1'000'001, INT64_MAX, INT64_MIN, UINT64_MAX, json::array()})
    CHECK(aged(age) == 900'000);
  for (const json& stamp : json{-1, "5", nullptr, 1'000'001, INT64_MAX, INT64_MIN, UINT64_MAX, 1e300})
    CHECK(sent(nullptr, stamp) == 1'000'000);
  CHECK(sent(nullptr, 0) == 0);
}
