#include "bot/matrix/content.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "bot/choices.hpp"
#include "commands/printable.hpp"

namespace bot::matrix {
namespace {

using nlohmann::json;

/// Of the 65,536 bytes of an event: its own fields, signatures of servers and the names they give it need
/// some.
constexpr std::size_t largest_content = 60'000;
constexpr std::size_t most_mentions = 50;
constexpr std::string_view platform = "matrix:";
constexpr std::string_view letters_of_ids =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~@:";

/// A text and the same as HTML.
struct Words {
  std::string body;
  std::string html;
};

std::vector<std::string> people_of(const std::vector<std::string>& senders) {
  std::vector<std::string> people;
  for (const auto& sender : senders) {
    if (!sender.starts_with(platform) || people.size() == most_mentions) continue;
    auto person = commands::printable(sender.substr(platform.size()));
    if (std::find(people.begin(), people.end(), person) == people.end()) people.push_back(std::move(person));
  }
  return people;
}

std::string link_to(const std::string& person) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string link = "https://matrix.to/#/";
  for (const char c : person) {
    const auto byte = static_cast<unsigned char>(c);
    if (letters_of_ids.find(c) != std::string_view::npos)
      link += c;
    else
      link += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return link;
}

/// "@a:hs, @b:hs: ", so that whoever is mentioned sees it.
Words greeting(const std::vector<std::string>& people) {
  Words words;
  for (const auto& person : people) {
    const std::string before = words.body.empty() ? "" : ", ";
    words.body += before + person;
    words.html += before + "<a href=\"" + link_to(person) + "\">" + html_of(person) + "</a>";
  }
  if (people.empty()) return words;
  words.body += ": ";
  words.html += ": ";
  return words;
}

/// The line under a question: what may be typed, and which reaction says the same.
std::string choices_line(const std::vector<Choice>& choices) {
  auto shown = choices;
  for (std::size_t i = 0; i < choices.size(); ++i)
    shown[i].label =
        reaction_of(choices, i) + (reaction_of(choices, i).empty() ? "" : " ") + choices[i].label;
  return commands::printable(words_of(shown));
}

Words words_of(const Out& message) {
  const auto line = choices_line(message.choices);
  const auto text = commands::printable(message.text);
  if (message.html.empty()) return {text + line, html_of(text + line)};
  return {text + line, commands::printable(message.html) + html_of(line)};
}

json mentions_of(const std::vector<std::string>& people) {
  auto mentions = json::object();
  if (!people.empty()) mentions["user_ids"] = people;
  return mentions;
}

json in_thread(const std::string& root) {
  return {{"rel_type", "m.thread"},
          {"event_id", root},
          {"is_falling_back", true},
          {"m.in_reply_to", {{"event_id", root}}}};
}

json content_of(const Out& message, const Words& words) {
  const bool is_edit = !message.edits.empty();
  const auto people = people_of(message.mentions);
  const auto mentioned = is_edit ? std::vector<std::string>() : people;
  auto start = greeting(mentioned);
  json content = {{"msgtype", people.empty() ? "m.notice" : "m.text"},
                  {"body", start.body + words.body},
                  {"format", "org.matrix.custom.html"},
                  {"formatted_body", start.html + words.html},
                  {"m.mentions", mentions_of(mentioned)}};
  if (is_edit) {
    content["m.new_content"] = content;
    content["body"] = "* " + words.body;
    content["formatted_body"] = "* " + words.html;
    content["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", message.edits}};
  } else if (!message.thread.empty()) {
    content["m.relates_to"] = in_thread(message.thread);
  }
  return content;
}

std::size_t size_of(const json& content) {
  return content.dump(-1, ' ', false, json::error_handler_t::replace).size();
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

json picture_facts(std::string_view png) {
  constexpr std::size_t shortest = 24;  // signature, and of the first chunk length, type, width and height
  json facts = {{"mimetype", "image/png"}, {"size", png.size()}};
  if (png.size() < shortest || png.substr(12, 4) != "IHDR") return facts;
  facts["w"] = number_at(png, 16);
  facts["h"] = number_at(png, 20);
  return facts;
}

}  // namespace

json message_content(const Out& message) {
  const auto words = words_of(message);
  auto content = content_of(message, words);
  // Escaped, a byte of ours takes two at most.
  const auto most = 4 * (words.body.size() + words.html.size()) + 2000;
  if (most + 600 * message.mentions.size() <= largest_content) return content;
  // The first time round, at most the HTML that was given is lost.
  for (auto limit = words.body.size(); size_of(content) > largest_content && limit > 0;
       limit = limit * 3 / 4) {
    const bool is_whole = limit == words.body.size();
    const auto text = is_whole ? words.body : commands::cut(words.body, limit) + " (cut)";
    content = content_of(message, {text, html_of(text)});
  }
  return content;
}

json picture_content(const Out& message, const std::string& uri) {
  const auto picture = message.picture.value_or(Picture{"picture.png", ""});
  const auto name = commands::printable(picture.name);
  json content = {{"msgtype", "m.image"},
                  {"body", name},
                  {"filename", name},
                  {"url", uri},
                  {"info", picture_facts(picture.png)},
                  {"m.mentions", json::object()}};
  if (!message.thread.empty()) content["m.relates_to"] = in_thread(message.thread);
  return content;
}

json reaction_content(const std::string& event, const std::string& key) {
  return {{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", event}, {"key", key}}}};
}

}  // namespace bot::matrix
