#include <regex>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

std::string without_times(const std::string& text) {
  return std::regex_replace(text, std::regex("([A-Z][a-z]{2} )?[0-9]{2}:[0-9]{2}"), "T");
}

}  // namespace

TEST_CASE("a time zone is kept, and times are shown in it") {
  World world;
  CHECK(without_times(world.say("alice", "!devbox timezone").at(0)) ==
        "Your times are shown in UTC, as nothing else was said; it is T there now.");
  CHECK(without_times(world.say("alice", "!devbox timezone asia/kolkata").at(0)) ==
        "Your times are shown and read in Asia/Kolkata from now on; it is T there now.");
  CHECK(without_times(world.say("alice", "!devbox tz").at(0)) ==
        "Your times are shown in Asia/Kolkata; it is T there now.");
  CHECK(without_times(world.say("bob", "!devbox tz").at(0)) ==
        "Your times are shown in UTC, as nothing else was said; it is T there now.");
}

TEST_CASE("a time zone that there is not changes nothing, and the nearest is proposed") {
  World world;
  CHECK(world.say("alice", "!devbox timezone Riga") ==
        Texts{"There is no time zone \"Riga\". Did you mean Europe/Riga? Nothing was changed."});
  CHECK(world.say("alice", "!devbox timezone Moon/Sea_of_Rains") ==
        Texts{"There is no time zone \"Moon/Sea_of_Rains\". They are written like Europe/Riga. Nothing was "
              "changed."});
  CHECK(world.say("alice", "!devbox timezone Europe/Riga Europe/Berlin") ==
        Texts{"`timezone` takes one zone. They are written like Europe/Riga. Nothing was changed."});
  CHECK(world.storage().people.find("console", "alice")->tz.empty());
}
