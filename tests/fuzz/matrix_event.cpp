#include <array>
#include <vector>

#include "bot/matrix/content.hpp"
#include "bot/matrix/event.hpp"
#include "bot/matrix/hearing.hpp"
#include "commands/utf8.hpp"
#include "tests/fuzz/entries.hpp"

namespace fuzz {
namespace {

using namespace bot::matrix;

const std::string self = "@devbox:hs";
constexpr net::Time now{std::chrono::milliseconds(1'700'000'000'000)};
constexpr std::size_t largest_event = 65'536;

/// Takes `piece` off the front of `html`.
bool takes(std::string_view& html, std::string_view piece) {
  if (!html.starts_with(piece)) return false;
  html.remove_prefix(piece.size());
  return true;
}

/// The end tag that the tag at the front of `html` asks for; "" = none. Throws when it is no tag of ours.
std::string_view opened(std::string_view& html) {
  if (takes(html, "<br>")) return "";
  if (takes(html, "<pre><code>")) return "</code></pre>";
  if (takes(html, "<code>")) return "</code>";
  require(takes(html, "<a href=\"http"), "no tag but ours is in our HTML");
  const auto end = html.find("\">");
  require(end != html.npos && end == html.find_first_of("\"<>"), "an address stays in its quotes");
  html.remove_prefix(end + 2);
  return "</a>";
}

void check_html(std::string_view html) {
  constexpr std::array entities = {"&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;"};
  std::vector<std::string_view> ends;
  while (!html.empty()) {
    if (!ends.empty() && takes(html, ends.back())) {
      ends.pop_back();
    } else if (html[0] == '<') {
      const auto end = opened(html);
      if (!end.empty()) ends.push_back(end);
      const bool is_link_in_table = ends.size() == 2 && ends[0] == "</code></pre>" && ends[1] == "</a>";
      require(ends.size() <= 1 || is_link_in_table, "no tag of ours stands in another but a link in a table");
    } else if (html[0] == '&') {
      bool is_entity = false;
      for (const auto* entity : entities) is_entity = is_entity || takes(html, entity);
      require(is_entity, "an ampersand is escaped");
    } else {
      require(html[0] != '>' && html[0] != '"', "brackets and quotes are escaped");
      html.remove_prefix(1);
    }
  }
  require(ends.empty(), "every tag is closed");
}

void say(const std::string& text) {
  check_html(html_of(text));
  bot::Out out;
  out.text = text;
  for (const bool is_edit : {false, true}) {
    if (is_edit) out.edits = "$old";
    const auto content = message_content(out).dump();
    require(content.size() < largest_event, "a message is no larger than an event may be");
  }
  out.mentions = {"matrix:" + text};
  out.choices = {{text, text}, {text, "yes " + text}, {"No", "no"}};
  out.html = text;
  require(message_content(out).dump().size() < largest_event, "a question is no larger than an event may be");
}

void hear(const Text& text) {
  for (const bool is_direct : {false, true}) {
    const auto said = heard(text, {self, "Devbox Bot", "!devbox"}, is_direct);
    require(!said || !said->text.empty(), "what is heard is something");
    require(!said || commands::is_utf8(said->text), "what is heard is text");
  }
  require(text.thread.empty() || text.thread.size() <= 255, "a thread has an id");
  say(text.body);
}

void press(const Reaction& reaction) {
  require(!reaction.target.empty() && !reaction.key.empty(), "a reaction has a target and a key");
  choice_of({{"Yes", "yes"}, {"No", "no"}}, reaction.key);
}

void check(const Event& event, bool is_stripped) {
  const auto* member = std::get_if<Membership>(&event.what);
  require(!event.id.empty() || is_stripped, "an event has an id");
  require(event.sender.starts_with('@'), "an event has a sender");
  require(event.sender != self || (member && member->user == self), "our own events are left out");
  require(event.sent <= now && event.sent >= net::Time(), "an event is from the past");
  if (const auto* text = std::get_if<Text>(&event.what)) hear(*text);
  if (const auto* reaction = std::get_if<Reaction>(&event.what)) press(*reaction);
  require(!member || !member->user.empty(), "a membership is somebody's");
}

bool is_state(const Event& event) {
  return std::holds_alternative<Membership>(event.what) || std::holds_alternative<Tombstone>(event.what) ||
         std::holds_alternative<EncryptionOn>(event.what);
}

void check(const std::vector<std::string>& skipped) {
  for (const auto& sentence : skipped) {
    require(commands::is_utf8(sentence) && sentence.find_first_of("\r\n") == std::string::npos,
            "what is left out is a line of text");
    require(sentence.size() < 300, "what is left out is a short line");
  }
}

}  // namespace

void matrix_event(std::string_view bytes) {
  try {
    const auto sync = parse_sync(bytes, self, now);
    require(!sync.next_batch.empty(), "a sync has a position");
    check(sync.skipped);
    for (const auto& room : sync.joined) {
      for (const auto& event : room.state) check(event, is_state(event));
      for (const auto& event : room.timeline) check(event, is_state(event));
      require(room.members.value_or(0) >= 0, "members are counted");
    }
    for (const auto& invited : sync.invitations)
      require(invited.inviter.empty() || commands::is_utf8(invited.inviter), "an inviter is text");
  } catch (const BadAnswer&) {
  }
  try {
    const auto page = parse_page(bytes, self, now);
    check(page.skipped);
    for (const auto& event : page.events) check(event, is_state(event));
  } catch (const BadAnswer&) {
  }
  // The same bytes as what somebody says: few of them are JSON.
  const std::string text(bytes);
  if (commands::is_utf8(bytes))
    hear({text, text, {self}, ""});
  else
    say(text);
}

}  // namespace fuzz
