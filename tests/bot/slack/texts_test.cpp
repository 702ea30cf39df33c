#include "bot/slack/content.hpp"
#include "bot/slack/typed.hpp"
#include "commands/grammar.hpp"
#include "tests/catch.hpp"
#include "tests/slack/simulator/call.hpp"

using namespace bot;

TEST_CASE("entities, mentions and links are what was typed", "[slack]") {
  const auto typed = [](const std::string& text) { return bot::slack::typed(text, "UBOT"); };
  CHECK(typed("<@UBOT> up cpx32") == "up cpx32");
  CHECK(typed("<@UBOT|devbox>  up") == "up");
  CHECK(typed("up for <@U2|alice>") == "up for @U2");
  CHECK(typed("up --name <http://web.example.com|web.example.com>") == "up --name web.example.com");
  CHECK(typed("see <https://x.example/?a=1&amp;b=2>") == "see https://x.example/?a=1&b=2");
  CHECK(typed("<mailto:a@b.example|a@b.example> <#C1|dev> <!here>") == "a@b.example #dev @here");
  CHECK(typed("a &lt;b&gt; &amp;amp;") == "a <b> &amp;");
  CHECK(typed("*up cpx32*") == "up cpx32");
  CHECK(typed("*_up cpx32_*") == "up cpx32");
  CHECK(typed("<unclosed") == "<unclosed");
  CHECK(typed("  \n") == "");
  CHECK(bot::slack::mentions("hello <@UBOT|devbox>", "UBOT"));
  CHECK_FALSE(bot::slack::mentions("hello <@UBOT2>", "UBOT"));
}

TEST_CASE("bold words and a dash that a phone has set apart are what was meant", "[slack]") {
  struct Row {
    std::string text, typed;
  };
  const Row rows[] = {
      {"*up* --plan", "up --plan"},
      {"<@UBOT> *up* cpx32 _--plan_", "up cpx32 --plan"},
      {"!devbox *up cpx32* *--plan*", "!devbox up cpx32 --plan"},
      {"*_up_* --plan", "up --plan"},
      {"_*up*_ --plan", "up --plan"},
      {"up — plan", "up —plan"},
      {"up —  plan — image=x", "up —plan —image=x"},
      {"up — Plan", "up —Plan"},
      {"*up* — plan", "up —plan"},
      {"*up — plan*", "up —plan"},
      {"up —plan", "up —plan"},
      // Not what they look like.
      {"up — planned", "up — planned"},
      {"up — until 18:00", "up — until 18:00"},
      {"up a— plan", "up a— plan"},
      {"types ccx* cpx*", "types ccx* cpx*"},
      {"types * cpx *", "types * cpx *"},
      {"up *cpx32", "up *cpx32"},
      {"key add a_b_c _", "key add a_b_c _"},
      {"up *a\nb*", "up *a\nb*"},
      {"request cpx42 \"a *big* run — plan\" *x*", "request cpx42 \"a *big* run — plan\" x"},
      {"request cpx42 “a *big* run — plan”", "request cpx42 “a *big* run — plan”"},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK(bot::slack::typed(row.text, "UBOT") == row.typed);
  }
  const auto plan = commands::addressed(bot::slack::typed("*!devbox up* — plan", "UBOT"), "!devbox", false);
  CHECK(commands::parse(plan.value()).flags == std::set<std::string>{"plan"});
}

TEST_CASE("what others wrote calls nobody", "[slack]") {
  Out message;
  message.text = "<!channel> & <@U9>";
  message.mentions = {"slack:T1/U2", "matrix:@a:hs"};
  CHECK(bot::slack::content_of(message, "k").text == "<@U2> &lt;!channel&gt; &amp; &lt;@U9&gt;");
}

TEST_CASE("a yes that takes something away is asked for once more, and says what it does", "[slack]") {
  Out message;
  message.text = "Delete alice? It is in the trash for 7 days:\n  20 GB volume";
  message.choices = {{"Yes", "yes 1234"}, {"No", "no 1234"}};
  const auto buttons_of = [&](const std::string& key) {
    const auto content = bot::slack::content_of(message, key);
    CHECK_NOTHROW(::slack::simulator::check_blocks(content.blocks));
    return content.blocks.back()["elements"];
  };
  for (const std::string name : {"delete", "clean", "prune", "all", "work", "flush", "power"}) {
    INFO(name);
    const auto buttons = buttons_of("op/" + name);
    CHECK(buttons[0].value("style", "") == "danger");
    CHECK(buttons[0]["confirm"]["text"]["text"] == "Delete alice? It is in the trash for 7 days:");
    CHECK(buttons[0]["confirm"]["confirm"]["text"] == "Yes");
    CHECK_FALSE(buttons[1].contains("confirm"));
  }
  CHECK_FALSE(buttons_of("op/grow")[0].contains("confirm"));
  CHECK_FALSE(buttons_of("delete/op")[0].contains("style"));
}

TEST_CASE("every message keeps Slack's limits, and says so where it was cut", "[slack]") {
  const auto text = GENERATE(std::string(100'000, '<'), std::string(100'000, 'x'), std::string(9'000, '\n'),
                             std::string("\xF0\x9F\x9A\x80 line\n"), std::string());
  Out message;
  for (std::size_t size = 0; size < 20'000 && !text.empty(); size += text.size()) message.text += text;
  for (int n = 0; n < 40; ++n)
    message.choices.push_back({std::string(200, 'L'), "down " + std::to_string(n)});
  const auto content = bot::slack::content_of(message, "k");
  CHECK_NOTHROW(::slack::simulator::check_blocks(content.blocks));
  CHECK(content.text.size() <= 40'000);
  if (text.size() > 20'000) CHECK(content.text.find("(cut: it is too long for Slack)") != std::string::npos);
  message.edits = "C1/1.2";
  message.choices.clear();
  CHECK(bot::slack::content_of(message, "k").text.size() <= 4'000);
}

TEST_CASE("a button's value says what it is under and what it stands for", "[slack]") {
  const auto press = bot::slack::press_of(bot::slack::value_of({"op/ask", "yes 1234"}));
  REQUIRE(press);
  CHECK(press->key == "op/ask");
  CHECK(press->word == "yes 1234");
  for (const std::string wrong : {"", "x", "\nx", "x\n"}) CHECK_FALSE(bot::slack::press_of(wrong));
}
