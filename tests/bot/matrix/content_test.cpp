#include "bot/matrix/content.hpp"

#include "commands/utf8.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::matrix;
using nlohmann::json;

namespace {

const json nobody = json::object();

Out saying(const std::string& text) {
  Out out;
  out.text = text;
  return out;
}

json notice(const std::string& body, const std::string& html) {
  return {{"msgtype", "m.notice"},
          {"body", body},
          {"format", "org.matrix.custom.html"},
          {"formatted_body", html},
          {"m.mentions", nobody}};
}

std::string pill(const std::string& link, const std::string& person) {
  return "<a href=\"https://matrix.to/#/" + link + "\">" + person + "</a>";
}

}  // namespace

TEST_CASE("a message that mentions nobody is a notice") {
  CHECK(message_content(saying("a < b\nc")) == notice("a < b\nc", "a &lt; b<br>c"));
  auto out = saying("a");
  out.html = "<b>a</b>";
  out.mentions = {"slack:T1/U2", "console:alice"};
  CHECK(message_content(out) == notice("a", "<b>a</b>"));
}

TEST_CASE("a message that mentions people is a text that begins with them") {
  auto out = saying("ready");
  out.mentions = {"matrix:@a:hs", "slack:T1/U2", "matrix:@o/\"x\":hs", "matrix:@a:hs"};
  CHECK(message_content(out) ==
        json{{"msgtype", "m.text"},
             {"body", "@a:hs, @o/\"x\":hs: ready"},
             {"format", "org.matrix.custom.html"},
             {"formatted_body",
              pill("@a:hs", "@a:hs") + ", " + pill("@o%2F%22x%22:hs", "@o/&quot;x&quot;:hs") + ": ready"},
             {"m.mentions", {{"user_ids", {"@a:hs", "@o/\"x\":hs"}}}}});
}

TEST_CASE("an answer in a thread stays in it") {
  auto out = saying("a");
  out.thread = "$root";
  auto content = notice("a", "a");
  content["m.relates_to"] = {{"rel_type", "m.thread"},
                             {"event_id", "$root"},
                             {"is_falling_back", true},
                             {"m.in_reply_to", {{"event_id", "$root"}}}};
  CHECK(message_content(out) == content);
}

TEST_CASE("an edit carries the new content twice and mentions nobody") {
  auto out = saying("boot\n 2 min");
  out.edits = "$old";
  out.thread = "$root";
  auto content = notice("* boot\n 2 min", "* boot<br>&nbsp;2 min");
  content["m.new_content"] = notice("boot\n 2 min", "boot<br>&nbsp;2 min");
  content["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", "$old"}};
  CHECK(message_content(out) == content);
  out.mentions = {"matrix:@a:hs"};
  content["msgtype"] = content["m.new_content"]["msgtype"] = "m.text";
  CHECK(message_content(out) == content);
}

TEST_CASE("a question says what may be typed, and which reaction says the same") {
  auto out = saying("Delete <it>?");
  out.choices = {{"Yes", "yes 1234"}, {"No", "no 1234"}};
  CHECK(message_content(out) == notice("Delete <it>?\n  ✅ Yes: yes 1234 · ❌ No: no 1234",
                                       "Delete &lt;it&gt;?<br>&nbsp;&nbsp;✅ Yes: yes 1234 · ❌ No: no 1234"));
  out.html = "<b>Delete</b>?";
  CHECK(message_content(out).at("formatted_body") ==
        "<b>Delete</b>?<br>&nbsp;&nbsp;✅ Yes: yes 1234 · ❌ No: no 1234");
}

TEST_CASE("text of others is shown without what is not shown, and can always be sent") {
  CHECK(message_content(saying("a\x1B[31mb\xFF\u202E c\r")) == notice("a[31mb\uFFFD c", "a[31mb\uFFFD c"));
  CHECK(message_content(saying("")) == notice("", ""));
}

TEST_CASE("a message is never larger than an event may be, and is cut between characters") {
  for (const std::string piece : {"x", "é", "😀", "<", "\"", "\n", "a  b\n", "`a`", "http://x ", "\\"})
    for (const bool is_edit : {false, true})
      for (const std::size_t size : {5'000u, 15'000u, 40'000u, 200'000u}) {
        std::string text;
        while (text.size() < size) text += piece;
        auto out = saying(text);
        if (is_edit) out.edits = "$old";
        INFO(piece << " " << is_edit << " " << size);
        const auto content = message_content(out);
        CHECK(content.dump().size() <= 60'000);
        const auto body = (is_edit ? content["m.new_content"] : content).at("body").get<std::string>();
        CHECK(commands::is_utf8(body));
        const bool is_whole = body == text;
        CHECK((is_whole || body.ends_with("… (cut)")));
        CHECK((is_whole || body.size() > 2'000));
      }
}

TEST_CASE("a long message loses its own HTML first, and no more text than it must") {
  auto out = saying(std::string(29'000, 'x'));
  out.html = std::string(50'000, 'y');
  CHECK(message_content(out) == notice(out.text, out.text));
  out.html.clear();
  out.edits = "$old";
  const auto body = message_content(out).at("m.new_content").at("body").get<std::string>();
  CHECK(body.ends_with("x… (cut)"));
  CHECK(body.size() > 10'000);
  auto many = saying("x");
  for (int i = 0; i < 1000; ++i) many.mentions.push_back("matrix:@person" + std::to_string(i) + ":hs");
  CHECK(message_content(many).at("m.mentions").at("user_ids").size() == 50);
}

TEST_CASE("a picture is told with its size") {
  const std::string png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\3\x20\0\0\1\x90", 24);
  Out out;
  out.picture = Picture{"cost.png", png};
  const json content = {{"msgtype", "m.image"},
                        {"body", "cost.png"},
                        {"filename", "cost.png"},
                        {"url", "mxc://hs/x"},
                        {"info", {{"mimetype", "image/png"}, {"size", 24}, {"w", 800}, {"h", 400}}},
                        {"m.mentions", nobody}};
  CHECK(picture_content(out, "mxc://hs/x") == content);
  out.picture->png = "no png";
  out.thread = "$root";
  const auto other = picture_content(out, "mxc://hs/x");
  CHECK(other.at("info") == json{{"mimetype", "image/png"}, {"size", 6}});
  CHECK(other.at("m.relates_to").at("event_id") == "$root");
}

TEST_CASE("a reaction annotates its event") {
  CHECK(reaction_content("$q", "✅") ==
        json{{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", "$q"}, {"key", "✅"}}}});
}
