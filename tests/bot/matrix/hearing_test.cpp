#include "bot/matrix/hearing.hpp"

#include "tests/catch.hpp"

using namespace bot::matrix;

namespace {

const Self self{"@devbox:hs", "Devbox Bot", "!devbox"};

Text said(const std::string& body) { return {body, "", {}, ""}; }
Text mentioning(const std::string& body, const std::string& user = "@devbox:hs") {
  return {body, "", {user}, ""};
}
Text shown(const std::string& body, const std::string& html) { return {body, html, {}, ""}; }

/// "direct: up", "room: !devbox up" or "" for what is not for us.
std::string told(const std::optional<Heard>& heard) {
  if (!heard) return "";
  return (heard->direct ? "direct: " : "room: ") + heard->text;
}
std::string in_room(const Text& text) { return told(heard(text, self, false)); }
std::string in_direct_room(const Text& text) { return told(heard(text, self, true)); }

std::string pill(const std::string& link, const std::string& label) {
  return "<a href=\"" + link + "\">" + label + "</a>";
}
const std::string our_link = "https://matrix.to/#/@devbox:hs";

}  // namespace

TEST_CASE("the prefix is heard anywhere, and stays for the grammar") {
  const std::pair<const char*, const char*> rows[] = {
      {"!devbox up cpx32", "room: !devbox up cpx32"},
      {"!DEVBOX up", "room: !DEVBOX up"},
      {"!devbox", "room: !devbox"},
      {"/devbox up", "room: /devbox up"},
      {"\u00A0!devbox\u00A0up", "room: \u00A0!devbox\u00A0up"},
      {"!devboxes up", ""},
      {"please !devbox up", ""},
      {"up", ""},
      {"", ""},
  };
  for (const auto& [body, told] : rows) CHECK(in_room(said(body)) == told);
  CHECK(in_direct_room(said("!devbox up")) == "direct: !devbox up");
}

TEST_CASE("our id or name at the start calls us") {
  const std::pair<const char*, const char*> rows[] = {
      {"@devbox:hs up", "direct: up"},
      {"@devbox:hs: up cpx32", "direct: up cpx32"},
      {"@DevBox:HS, up", "direct: up"},
      {"@devbox up", "direct: up"},
      {"@devbox: up", "direct: up"},
      {"@Devbox Bot up", "direct: up"},
      {"@devbox bot: up", "direct: up"},
      {"devbox: up", "direct: up"},
      {"devbox:up", "direct: up"},
      {"Devbox, what", "direct: what"},
      {"devbox bot: “what”", "direct: \"what\""},
      {"Devbox\u00A0Bot\u00A0up", "direct: up"},
      {"devbox bot status", "direct: status"},
      {"devbox LS", "direct: LS"},
      {"@devbox", "direct: help"},
      {"@devbox:hs!", "direct: help"},
      {"@devbox: !devbox up", "direct: !devbox up"},
  };
  for (const auto& [body, told] : rows) {
    INFO(body);
    CHECK(in_room(said(body)) == told);
    CHECK(in_direct_room(said(body)) == told);
  }
}

TEST_CASE("talk about us, and other names, are not for us") {
  for (const auto* body : {"devbox is slow today", "Devbox", "devbox", "devbox. It hangs", "devboxes: up",
                           "devbox2: up", "@devbox2 up", "@devbox:other up", "@devbox:other: up",
                           "@devbox:hs2 up", "@alice: devbox up", "the devbox: up", "@devboxer:hs up"}) {
    INFO(body);
    CHECK(in_room(said(body)).empty());
  }
  CHECK(in_room(mentioning("devbox is slow today")) == "direct: is slow today");
  CHECK(in_room(mentioning("devbox")) == "direct: help");
}

TEST_CASE("a pill of us at the start calls us by its label") {
  const std::string links[] = {our_link, "https://matrix.to/#/%40devbox%3Ahs",
                               "https://matrix.to/#/@devbox:hs?via=hs&amp;via=x", "matrix:u/devbox:hs",
                               "matrix:u/devbox%3ahs?action=chat"};
  for (const auto& link : links) {
    INFO(link);
    CHECK(in_room(shown("The Box up", pill(link, "The Box") + " up")) == "direct: up");
    CHECK(in_room(shown("The Box: up", "<p>" + pill(link, "The <b>Box</b>") + ": up</p>")) == "direct: up");
  }
  CHECK(in_room(shown("A & <B>: up", pill(our_link, "A &amp; &lt;B&gt;") + ": up")) == "direct: up");
  CHECK(in_room(shown("The Box up", "<a class='x' href='" + our_link + "'>The Box</a> up")) == "direct: up");
  CHECK(in_room(shown("[The Box](" + our_link + ") up", pill(our_link, "The Box") + " up")) == "direct: up");
  CHECK(in_room(shown("The Box", pill(our_link, "The Box"))) == "direct: help");
}

TEST_CASE("the pill of another at the start calls the other, whatever its label") {
  const auto other = pill("https://matrix.to/#/@devbox:other", "devbox");
  CHECK(in_room(shown("devbox: up", other + ": up")).empty());
  CHECK(in_room(shown("devbox up", other + " up")).empty());
  const auto link = pill("https://example.org/#/@devbox:hs", "devbox");
  CHECK(in_room(shown("The Box up", pill("https://example.org/#/@devbox:hs", "The Box") + " up")).empty());
  CHECK(in_room(shown("devbox: up", link + ": up")) == "direct: up");
}

TEST_CASE("a mention elsewhere counts when a verb comes first") {
  CHECK(in_room(mentioning("status @devbox:hs")) == "direct: status");
  CHECK(in_room(mentioning("Status, please @devbox")) == "direct: Status, please");
  CHECK(in_room(mentioning("ls all @Devbox Bot: now")) == "direct: ls all now");
  CHECK(in_room(mentioning("status @devbox2 @devbox:hs2")) == "direct: status @devbox2 @devbox:hs2");
  CHECK(in_room(shown("status The Box all", "status " + pill(our_link, "The Box") + " all")) ==
        "direct: status all");
  CHECK(in_room(mentioning("yes")) == "direct: yes");
  CHECK(in_room(mentioning("thanks @devbox:hs")).empty());
  CHECK(in_room(mentioning("hey @devbox:hs status")).empty());
  CHECK(in_room(mentioning("status @alice:hs", "@alice:hs")).empty());
  CHECK(in_room(said("status @devbox:hs")).empty());
}

TEST_CASE("in a direct room everything is for us") {
  CHECK(in_direct_room(said("up cpx32")) == "direct: up cpx32");
  CHECK(in_direct_room(said("what is this?")) == "direct: what is this?");
  CHECK(in_direct_room(said(" \n\u00A0")).empty());
  CHECK(in_direct_room(said("")).empty());
}

TEST_CASE("without a display name or with odd names nothing else changes") {
  CHECK(told(heard(said("devbox: up"), {"@devbox:hs", "", "!devbox"}, false)) == "direct: up");
  CHECK(told(heard(said("!box up"), {"@devbox:hs", "!!!", "!box"}, false)) == "room: !box up");
  CHECK(told(heard(said("box: up"), {"@devbox:hs", "", "!box"}, false)) == "room: box: up");
  CHECK(told(heard(said("up"), {"", "", ""}, false)).empty());
  CHECK(told(heard(said("Bot 7: up"), {"@devbox:hs", "Bot 7", ""}, false)) == "direct: up");
}

TEST_CASE("long messages of mentions take no long time") {
  std::string body = "status", html;
  for (int i = 0; i < 6000; ++i) {
    body += " @devbox:hs";
    html += "<a href='https://matrix.to/#/@devbox:hs'>@d</a>";
  }
  CHECK(in_room({body, html, {"@devbox:hs"}, ""}) == "direct: status");
  const std::string open(60'000, '<');
  CHECK(in_room({open, open, {}, ""}).empty());
  std::string links;
  for (int i = 0; i < 20'000; ++i) links += "<a ";
  CHECK(in_room({"hello", links, {}, ""}).empty());
}
