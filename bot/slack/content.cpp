#include "bot/slack/content.hpp"

#include <algorithm>
#include <array>

#include "bot/choices.hpp"
#include "bot/slack/typed.hpp"
#include "commands/printable.hpp"
#include "commands/utf8.hpp"

namespace bot::slack {
namespace {

using nlohmann::json;

constexpr std::size_t longest_section = 2600;  // of 3000, in bytes
constexpr std::size_t longest_text = 12'000;   // all blocks together: 13,200
constexpr std::size_t longest_edit = 3'600;    // of 4000
constexpr std::size_t longest_label = 75;
constexpr std::size_t longest_value = 2000;
constexpr std::size_t most_buttons = 25;
constexpr std::size_t most_mentions = 20;
/// By the ends of their keys: what is deleted for good or cut off while it works.
constexpr std::array<std::string_view, 7> grave_questions = {"delete", "clean", "prune", "all",
                                                             "work",   "flush", "power"};
constexpr std::string_view platform = "slack:";
constexpr std::string_view cut_note = "\n(cut: it is too long for Slack)";

/// The rest of a text that fits into `most` bytes once it is escaped, up to a line's end where there is one.
std::string take_section(std::string_view& text, std::size_t most) {
  std::size_t size = 0, escaped_size = 0, line_end = 0;
  while (size < text.size()) {
    const auto length = std::max<std::size_t>(commands::first_character(text.substr(size)).length, 1);
    const auto piece = text.substr(size, length);
    escaped_size += escaped(piece).size();
    if (escaped_size > most) break;
    size += length;
    if (piece == "\n") line_end = size;
  }
  if (size < text.size() && line_end > 0) size = line_end;
  auto section = escaped(text.substr(0, size));
  text.remove_prefix(size);
  return section;
}

std::vector<std::string> sections_of(std::string_view text, std::size_t most_of_all) {
  std::vector<std::string> sections;
  for (std::size_t left = most_of_all; !text.empty() && left > 0;) {
    auto section = take_section(text, std::min(left, longest_section));
    if (section.empty()) break;
    left -= std::min(left, section.size());
    sections.push_back(std::move(section));
  }
  if (!text.empty() && !sections.empty()) sections.back() += cut_note;
  return sections;
}

std::string verb_of(const std::string& word) { return commands::lower(word.substr(0, word.find(' '))); }

json plain_text(const std::string& text, std::size_t most) {
  return {{"type", "plain_text"}, {"text", commands::cut(text, most)}};
}

std::string first_line(const std::string& text) {
  const auto line = commands::printable(text.substr(0, text.find('\n')));
  return line.empty() ? "…" : line;
}

/// "yes 1234": what that does only the question says.
bool is_grave_yes(const Choice& choice, const std::string& key) {
  const auto name = key.substr(key.rfind('/') + 1);
  return verb_of(choice.word) == "yes" &&
         std::find(grave_questions.begin(), grave_questions.end(), name) != grave_questions.end();
}

/// `what`: is done then, in a line.
json confirmation(const Choice& choice, const std::string& what) {
  return {{"title", plain_text(choice.label + "?", 100)},
          {"text", plain_text(what, 300)},
          {"confirm", plain_text(choice.label, 30)},
          {"deny", plain_text("Not now", 30)}};
}

/// `question`: what the message asks.
json button(const Choice& choice, const std::string& key, std::size_t number, const std::string& question) {
  json made = {{"type", "button"},
               {"action_id", "choice-" + std::to_string(number)},
               {"text", plain_text(choice.label, longest_label)},
               {"value", value_of({key, choice.word})}};
  const bool is_yes = is_grave_yes(choice, key);
  if (!is_yes && !takes_away(choice.word)) return made;
  made["style"] = "danger";
  made["confirm"] = confirmation(choice, is_yes ? question : "This does: " + choice.word);
  return made;
}

Content words(const Out& message, std::size_t most, const std::string& line) {
  Content content;
  content.blocks = json::array();
  const auto start = calls(message.mentions);
  auto sections = sections_of(commands::printable(message.text) + line, most);
  if (sections.empty()) sections.emplace_back("…");
  sections.front().insert(0, start);
  for (const auto& section : sections) {
    content.text += section;
    content.blocks.push_back({{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", section}}}});
  }
  return content;
}

}  // namespace

bool takes_away(const std::string& word) {
  const auto verb = verb_of(word);
  return verb == "down" || verb == "delete" || verb == "rebuild";
}

std::string calls(const std::vector<std::string>& people) {
  std::string start;
  std::size_t count = 0;
  for (const auto& person : people) {
    const auto slash = person.find('/');
    if (!person.starts_with(platform) || slash == std::string::npos || ++count > most_mentions) continue;
    start += "<@" + escaped(person.substr(slash + 1)) + "> ";
  }
  return start;
}

Content content_of(const Out& message, const std::string& key, const std::string& prefix) {
  auto typed_choices = message.choices;
  for (auto& choice : typed_choices) choice.word.insert(0, prefix);
  const auto most = message.edits.empty() ? longest_text : longest_edit;
  auto content = words(message, most, commands::printable(words_of(typed_choices)));
  if (!message.choices.empty())
    content.blocks.push_back(actions_of(message.choices, key, first_line(message.text)));
  return content;
}

Content pressed_content(const Out& message, const std::string& label, const std::string& person) {
  auto content = words(message, longest_edit, "");
  const auto line = "✓ " + escaped(commands::printable(label)) + " · <@" + escaped(person) + ">";
  content.text += "\n" + line;
  const auto element = json{{"type", "mrkdwn"}, {"text", line}};
  content.blocks.push_back({{"type", "context"}, {"elements", json::array({element})}});
  return content;
}

json actions_of(const std::vector<Choice>& choices, const std::string& key, const std::string& question) {
  auto elements = json::array();
  for (const auto& choice : choices)
    if (elements.size() < most_buttons && value_of({key, choice.word}).size() <= longest_value)
      elements.push_back(button(choice, key, elements.size(), question));
  return {{"type", "actions"}, {"elements", elements}};
}

std::string value_of(const Press& press) { return press.key + "\n" + press.word; }

std::optional<Press> press_of(const std::string& value) {
  const auto line = value.rfind('\n');
  if (line == std::string::npos || line == 0 || line + 1 == value.size()) return std::nullopt;
  return Press{value.substr(0, line), value.substr(line + 1)};
}

}  // namespace bot::slack
