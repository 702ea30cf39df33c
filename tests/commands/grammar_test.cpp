#include "commands/grammar.hpp"

#include <nlohmann/json.hpp>

#include "commands/duration.hpp"
#include "commands/nearest.hpp"
#include "commands/typing.hpp"
#include "net/random.hpp"
#include "tests/catch.hpp"

using namespace commands;
using nlohmann::json;

namespace {

json parsed(const std::string& line) { return parse(line); }

json request(const std::string& verb, json words = json::array(), json options = json::object(),
             json flags = json::array(), const std::string& person = "") {
  return {{"verb", verb}, {"words", words}, {"options", options}, {"flags", flags}, {"person", person}};
}

}  // namespace

TEST_CASE("a line is a verb, words, options, flags and a person") {
  CHECK(parsed("up") == request("up"));
  CHECK(parsed("UP cpx32 Main") == request("up", {"cpx32", "Main"}));
  CHECK(parsed("up cpx32 image=ubuntu-dev --keep") ==
        request("up", {"cpx32"}, {{"image", "ubuntu-dev"}}, {"keep"}));
  CHECK(parsed("up --image=x IMAGE2=y") == request("up", json::array(), {{"image", "x"}, {"image2", "y"}}));
  CHECK(parsed("up for 3h for @bob") == request("up", json::array(), {{"for", "3h"}}, json::array(), "bob"));
  CHECK(parsed("keep until 18:00") == request("keep", json::array(), {{"until", "18:00"}}));
  CHECK(parsed("keep until tomorrow 9") == request("keep", json::array(), {{"until", "tomorrow 9"}}));
  CHECK(parsed("down in 20m") == request("down", json::array(), {{"in", "20m"}}));
  CHECK(parsed("share @bob 2h") == request("share", {"2h"}, json::object(), json::array(), "bob"));
  CHECK(parsed("request \"a  training run\"") == request("request", {"a  training run"}));
  CHECK(parsed("adopt x ip=\"ak IPv4\"") == request("adopt", {"x"}, {{"ip", "ak IPv4"}}));
  CHECK(parsed("request \"for 3h\" \"--plan\"") == request("request", {"for 3h", "--plan"}));
  CHECK(parsed("") == request(""));
}

TEST_CASE("what nobody types is refused in a sentence") {
  CHECK_THROWS_AS(parse("up \"main"), Error);
  CHECK_THROWS_AS(parse(std::string("up\0x", 4)), Error);
  CHECK_THROWS_AS(parse("up \xff\xfe"), Error);
  CHECK_THROWS_AS(parse("up =x"), Error);
  CHECK_THROWS_AS(parse("up image=a image=b"), Error);
  CHECK_THROWS_AS(parse("up for @a for @b"), Error);
  CHECK_THROWS_AS(parse(std::string(5000, 'x')), Error);
  std::string many;
  for (int i = 0; i < 70; ++i) many += "x ";
  CHECK_THROWS_AS(parse(many), Error);
}

TEST_CASE("a room's line is for us with the prefix, a direct one also without") {
  CHECK(addressed("!devbox up cpx32", "!devbox", false) == "up cpx32");
  CHECK(addressed("  !DevBox   up", "!devbox", false) == "up");
  CHECK(addressed("!devbox: up", "!devbox", false) == "up");
  CHECK(addressed("!devbox", "!devbox", false) == "help");
  CHECK_FALSE(addressed("!devboxes up", "!devbox", false));
  CHECK_FALSE(addressed("up cpx32", "!devbox", false));
  CHECK_FALSE(addressed("", "!devbox", true));
  CHECK(addressed("up cpx32", "!devbox", true) == "up cpx32");
  CHECK(addressed("!devbox up", "!devbox", true) == "up");
}

TEST_CASE("what a phone makes of a command is undone") {
  CHECK(plain_typing("`!devbox up`") == "!devbox up");
  CHECK(plain_typing("```\n!devbox up\n```") == "!devbox up");
  CHECK(plain_typing("!devbox\u00a0up \u2014plan") == "!devbox up --plan");
  CHECK(plain_typing("schedule 9\u201318") == "schedule 9-18");
  CHECK(plain_typing("request \u201cwhy not\u201d") == "request \"why not\"");
  CHECK(plain_typing("open <http://alice.example|alice.example>") == "open alice.example");
  CHECK(plain_typing("up for [Bob](https://matrix.to/#/@bob:hs.org)") == "up for @bob:hs.org");
  CHECK(plain_typing("[site](http://x.org) [not](a link)") == "site [not](a link)");
  CHECK(plain_typing("up, now!\r\nthanks") == "up, now");
  CHECK(plain_typing("\u200bup\ufeff .") == "up");
  CHECK(plain_typing("  \n\n up") == "up");
}

TEST_CASE("a duration is days, hours, minutes and seconds in this order") {
  using namespace std::chrono_literals;
  CHECK(parse_duration("90m") == net::Duration(90min));
  CHECK(parse_duration("1h30m") == net::Duration(90min));
  CHECK(parse_duration("2D") == net::Duration(48h));
  CHECK(parse_duration("45s") == net::Duration(45s));
  CHECK_FALSE(parse_duration("18:00"));
  CHECK_FALSE(parse_duration("m"));
  CHECK_FALSE(parse_duration("30m1h"));
  CHECK_FALSE(parse_duration("3"));
  CHECK_THROWS_AS(parse_duration("0m"), Error);
  CHECK_THROWS_AS(parse_duration("-5m"), Error);
  CHECK_THROWS_AS(parse_duration("400d"), Error);
  CHECK_THROWS_AS(parse_duration("99999999999999999999d"), Error);
}

TEST_CASE("the nearest word is near") {
  constexpr std::array<std::string_view, 4> known = {"up", "down", "status", "cpx32"};
  CHECK(nearest("stauts", known) == "status");
  CHECK(nearest("donw", known) == "down");
  CHECK(nearest("cpx3", known) == "cpx32");
  CHECK_FALSE(nearest("delete", known));
  CHECK_FALSE(nearest("xy", known));
}

TEST_CASE("what looks like a server type is never a name") {
  for (const auto* word : {"cpx32", "CX-22", "ccx3", "cpx3", "cax11"}) CHECK(looks_like_type(word));
  for (const auto* word : {"main", "alice", "box", "web2"}) CHECK_FALSE(looks_like_type(word));
}

TEST_CASE("any bytes are a request or a refusal") {
  net::Random random(7);
  const std::string alphabet = "ab @=-\"`\\<>|[]()\n\r\t\xe2\x80\x94\xff!fornutil3h";
  for (int round = 0; round < 20000; ++round) {
    std::string line;
    for (auto length = random.below(40); length > 0; --length)
      line += alphabet[random.below(alphabet.size())];
    try {
      const auto said = addressed(line, "!devbox", true);
      if (said) parse(*said);
    } catch (const Error& error) {
      CHECK(std::string(error.what()).size() > 10);
    }
  }
}
