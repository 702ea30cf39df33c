#include "bot/matrix/pill.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "commands/utf8.hpp"

namespace bot::matrix {
namespace {

constexpr std::size_t most_pills = 100;
constexpr std::string_view web_link = "https://matrix.to/#/";
constexpr std::string_view uri_link = "matrix:u/";
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> entities = {{{"&amp;", "&"},
                                                                                    {"&lt;", "<"},
                                                                                    {"&gt;", ">"},
                                                                                    {"&quot;", "\""},
                                                                                    {"&#39;", "'"},
                                                                                    {"&apos;", "'"},
                                                                                    {"&nbsp;", " "}}};

std::string without_entities(std::string_view html) {
  std::string text;
  while (!html.empty()) {
    std::string_view character = html.substr(0, 1);
    std::size_t length = 1;
    if (html[0] == '&')
      for (const auto& [entity, meaning] : entities)
        if (html.starts_with(entity)) {
          character = meaning;
          length = entity.size();
        }
    text += character;
    html.remove_prefix(length);
  }
  return text;
}

std::string without_tags(std::string_view html) {
  std::string text;
  while (!html.empty()) {
    const auto open = std::min(html.find('<'), html.size());
    text += html.substr(0, open);
    const auto close = html.find('>', open);
    if (close == std::string_view::npos) break;
    html.remove_prefix(close + 1);
  }
  return without_entities(text);
}

int hex_digit(char digit) {
  const auto at = std::string_view("0123456789abcdef").find(commands::lower(digit));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_escape = text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
                           hex_digit(text[at + 2]) >= 0;
    if (!is_escape) {
      decoded += text[at];
      continue;
    }
    decoded += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
    at += 2;
  }
  return decoded;
}

/// "" = no link to a person.
std::string person_of(std::string_view link) {
  const bool is_uri = link.starts_with(uri_link);
  if (!is_uri && !link.starts_with(web_link)) return "";
  link.remove_prefix(is_uri ? uri_link.size() : web_link.size());
  auto person = (is_uri ? "@" : "") + percent_decoded(link.substr(0, link.find_first_of("?/")));
  return person.starts_with('@') ? person : "";
}

/// The value of href in what stands between "<a" and ">".
std::string link_of(std::string_view attributes) {
  const auto name = attributes.find("href=");
  if (name == std::string_view::npos || name + 5 >= attributes.size()) return "";
  const char quote = attributes[name + 5];
  if (quote != '"' && quote != '\'') return "";
  const auto value = attributes.substr(name + 6);
  return without_entities(value.substr(0, value.find(quote)));
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++count;
  return count;
}

/// Where `word` stands after so many others of it.
std::size_t find_after(const std::string& text, const std::string& word, std::size_t others) {
  auto at = text.find(word);
  for (; others > 0 && at != std::string::npos; --others) at = text.find(word, at + word.size());
  return at;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

std::vector<Pill> pills_in(std::string_view html) {
  std::vector<Pill> pills;
  std::size_t open = html.find("<a ");
  bool at_start = open != std::string_view::npos && is_blank(without_tags(html.substr(0, open)));
  while (open != std::string_view::npos && pills.size() < most_pills) {
    const auto end = html.find('>', open);
    const auto close = html.find("</a>", std::min(end, html.size()));
    if (close == std::string_view::npos) break;
    Pill pill;
    pill.user = person_of(link_of(html.substr(open + 2, end - open - 2)));
    pill.label = without_tags(html.substr(end + 1, close - end - 1));
    pill.at_start = std::exchange(at_start, false);
    if (!pill.label.empty()) pill.before = count_of(without_tags(html.substr(0, open)), pill.label);
    if (!pill.user.empty()) pills.push_back(std::move(pill));
    open = html.find("<a ", close);
  }
  return pills;
}

namespace {

/// One word of a line, as ids are: nothing that the grammar would read as more.
bool is_plain_id(const std::string& user) {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '`' && c != '\''; };
  return user.find(':') != std::string::npos && std::all_of(user.begin(), user.end(), is_plain);
}

}  // namespace

std::string with_ids(std::string body, const std::vector<Pill>& pills, const std::string& self) {
  // From the last on, so that those before it stand where they stood.
  for (auto pill = pills.rbegin(); pill != pills.rend(); ++pill) {
    if (pill->at_start || pill->user == self || pill->label.empty() || !is_plain_id(pill->user)) continue;
    const auto at = find_after(body, pill->label, pill->before);
    if (at != std::string::npos) body.replace(at, pill->label.size(), pill->user);
  }
  return body;
}

}  // namespace bot::matrix
