#include "bot/matrix/pill.hpp"

#include "tests/catch.hpp"

using namespace bot::matrix;

namespace {

std::string with_ids_of(const std::string& body, const std::string& html) {
  return with_ids(body, pills_in(html), "@devbox:hs");
}

std::string mention(const std::string& user, const std::string& label) {
  return "<a href=\"https://matrix.to/#/" + user + "\">" + label + "</a>";
}

}  // namespace

TEST_CASE("a mention in the middle is the id that it links to, whatever it is labelled") {
  CHECK(with_ids_of("up for Bob", "up for " + mention("@bob:hs", "Bob")) == "up for @bob:hs");
  CHECK(with_ids_of("up for @admin:hs", "up for " + mention("@mallory:hs", "@admin:hs")) ==
        "up for @mallory:hs");
  CHECK(with_ids_of("share A B 2h", "share " + mention("@a:hs", "A") + " " + mention("@b:hs", "B") + " 2h") ==
        "share @a:hs @b:hs 2h");
}

TEST_CASE("a label that is a word of the line as well stands for the person only where it is the mention") {
  CHECK(with_ids_of("up cpx32 for cpx32", "up cpx32 for " + mention("@bob:hs", "cpx32")) ==
        "up cpx32 for @bob:hs");
  CHECK(with_ids_of("up for up", "up for " + mention("@bob:hs", "up")) == "up for @bob:hs");
}

TEST_CASE("what calls the bot or another one at the start, and what is no link, stays as it is") {
  CHECK(with_ids_of("Devbox: up", mention("@devbox:hs", "Devbox") + ": up") == "Devbox: up");
  CHECK(with_ids_of("up Devbox", "up " + mention("@devbox:hs", "Devbox")) == "up Devbox");
  CHECK(with_ids_of("Bob: up", mention("@bob:hs", "Bob") + ": up") == "Bob: up");
  CHECK(with_ids_of("up for Bob", "up for <b>Bob</b>") == "up for Bob");
  CHECK(with_ids_of("up for", "up for " + mention("@bob:hs", "Bob")) == "up for");
  CHECK(with_ids_of("up for Bob", "up for " + mention("@bob:hs%20--keep", "Bob")) == "up for Bob");
  CHECK(with_ids_of("up for Bob", "up for " + mention("@bob:hs%ff", "Bob")) == "up for Bob");
}
