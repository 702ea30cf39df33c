#include <set>

#include "bot/matrix/content.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::matrix;

namespace {

std::vector<Choice> choices_of(const std::vector<std::string>& words) {
  std::vector<Choice> choices;
  for (const auto& word : words) choices.push_back({"label", word});
  return choices;
}

std::vector<std::string> reactions(const std::vector<std::string>& words) {
  const auto choices = choices_of(words);
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < choices.size(); ++i) keys.push_back(reaction_of(choices, i));
  return keys;
}

std::string pressed(const std::vector<std::string>& words, const std::string& key) {
  const auto choice = choice_of(choices_of(words), key);
  return choice ? choice->word : "none";
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("words that are known have a sign, others a number") {
  CHECK(reactions({"yes", "no"}) == Keys{"✅", "❌"});
  CHECK(reactions({"yes 1234", "!devbox no 1234"}) == Keys{"✅", "❌"});
  CHECK(reactions({"stop", "extend 2h", "Snooze", "open"}) == Keys{"🛑", "⏰", "💤", "🔗"});
  CHECK(reactions({"approve 7", "deny 7"}) == Keys{"✅", "❌"});
  CHECK(reactions({"cpx22", "cpx32", "no"}) == Keys{"1️⃣", "2️⃣", "❌"});
}

TEST_CASE("no two choices of a message have the same sign") {
  CHECK(reactions({"yes", "approve", "yes always"}) == Keys{"✅", "2️⃣", "3️⃣"});
  std::vector<std::string> words(11, "other");
  const auto keys = reactions(words);
  CHECK(keys.at(8) == "9️⃣");
  CHECK(keys.at(9) == "🔟");
  CHECK(keys.at(10).empty());
  CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == 11);
}

TEST_CASE("a pressed reaction stands for its choice, in every way clients write it") {
  for (const auto* key : {"✅", "✅\uFE0F", "👍", "👍🏻", "👍🏽", "👍🏿", "👍\uFE0F"})
    CHECK(pressed({"yes 7", "no 7"}, key) == "yes 7");
  for (const auto* key : {"❌", "❌\uFE0F", "👎", "👎🏾"}) CHECK(pressed({"yes 7", "no 7"}, key) == "no 7");
  for (const auto* key : {"2️⃣", "2\u20E3"}) CHECK(pressed({"a", "b"}, key) == "b");
  CHECK(pressed({"approve 1", "deny 1"}, "👎") == "deny 1");
  CHECK(pressed({"extend 2h", "stop"}, "🛑") == "stop");
}

TEST_CASE("another reaction stands for nothing") {
  for (const auto* key : {"🎉", "", "3️⃣", "1", "yes", "🏽", "\uFE0F", "\xFF", "✅✅"})
    CHECK(pressed({"yes", "no"}, key) == "none");
  CHECK(pressed({"a", "b"}, "👍") == "none");
  CHECK(pressed({}, "✅") == "none");
  std::vector<std::string> words(11, "other");
  CHECK(pressed(words, "") == "none");
}
