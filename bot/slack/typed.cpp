#include "bot/slack/typed.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "commands/table.hpp"
#include "commands/utf8.hpp"

namespace bot::slack {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 3> entities = {
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
constexpr std::string_view spaces = " \t\r\n";

std::string_view stripped(std::string_view text) {
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

std::string without_entities(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    std::size_t length = 1;
    char c = text[0];
    for (const auto& [entity, character] : entities)
      if (text.starts_with(entity)) {
        length = entity.size();
        c = character;
      }
    plain += c;
    text.remove_prefix(length);
  }
  return plain;
}

/// What stands between < and >: "@U2|alice", "#C1|dev", "!here", "http://web.example|web.example".
std::string plain_link(std::string_view link, std::string_view self) {
  const auto bar = link.find('|');
  const auto target = link.substr(0, bar);
  const auto label = bar == std::string_view::npos ? std::string_view() : link.substr(bar + 1);
  if (target.starts_with('@')) return target.substr(1) == self ? " " : without_entities(target);
  if (target.starts_with('#')) return "#" + without_entities(label.empty() ? target.substr(1) : label);
  if (target.starts_with('!')) return "@" + without_entities(label.empty() ? target.substr(1) : label);
  if (!label.empty()) return without_entities(label);
  return without_entities(target.starts_with("mailto:") ? target.substr(7) : target);
}

std::size_t length_of_quote(std::string_view text) {
  for (const std::string_view quote : {"\"", "\u201C", "\u201D"})
    if (text.starts_with(quote)) return quote.size();
  return 0;
}

/// What of a line stands outside of quotes, made into something else.
template <class Make>
std::string outside_of_quotes(std::string_view text, Make make) {
  std::string made;
  bool is_inside = false;
  std::size_t start = 0;
  const auto take = [&](std::size_t end) {
    const auto piece = text.substr(start, end - start);
    made += is_inside ? std::string(piece) : make(piece);
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto length = length_of_quote(text.substr(at));
    if (length == 0) continue;
    take(at);
    made += text.substr(at, length);
    start = at + length;
    at = start - 1;
    is_inside = !is_inside;
  }
  take(text.size());
  return made;
}

bool ends_word(std::string_view text, std::size_t at) {
  return at >= text.size() || spaces.find(text[at]) != std::string_view::npos;
}

/// `*up* --plan`, `*up cpx32* --plan`: as Slack takes them, a pair around whole words of one line. A star
/// that ends a word, as in "ccx*", is no beginning of one.
std::string without_pairs(std::string_view text, char mark) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = text[at] == mark && (at == 0 || ends_word(text, at - 1)) && !ends_word(text, at + 1);
    const auto close = begins ? text.find_first_of(std::string{mark, '\n'}, at + 1) : std::string_view::npos;
    const bool is_pair = close != std::string_view::npos && close > at + 1 && text[close] == mark &&
                         !ends_word(text, close - 1) && ends_word(text, close + 1);
    if (!is_pair) {
      plain += text[at];
      continue;
    }
    plain += text.substr(at + 1, close - at - 1);
    at = close;
  }
  return plain;
}

/// As a whole, by one pair.
bool is_marked(std::string_view line) {
  return line.size() > 2 && (line.front() == '*' || line.front() == '_') &&
         line.find(line.front(), 1) == line.size() - 1;
}

/// "plan", "image=…": of any command.
bool is_option(std::string_view word) {
  const auto equals = word.find('=');
  const auto key = commands::lower(word.substr(0, equals));
  const auto wanted = equals == std::string_view::npos ? " --" + key + " " : " " + key + " ";
  const auto knows = [&](const commands::Command& command) {
    return (" " + std::string(command.options) + " ").find(wanted) != std::string::npos;
  };
  return !key.empty() && std::any_of(commands::table.begin(), commands::table.end(), knows);
}

/// Phones write "--" as one long dash and put a space behind it: "up — plan".
std::string with_options(std::string_view text) {
  constexpr std::string_view long_dash = "\u2014";
  std::string joined;
  while (!text.empty()) {
    const auto dash = text.find(long_dash);
    const bool begins = dash != std::string_view::npos && (dash == 0 || ends_word(text, dash - 1));
    const auto end = dash == std::string_view::npos ? text.size() : dash + long_dash.size();
    joined += text.substr(0, end);
    text.remove_prefix(end);
    const auto word = text.find_first_not_of(' ');
    if (!begins || word == std::string_view::npos) continue;
    const auto rest = text.substr(word);
    if (is_option(rest.substr(0, rest.find_first_of(spaces)))) text = rest;
  }
  return joined;
}

}  // namespace

std::string typed(std::string_view text, std::string_view self) {
  std::string plain;
  while (!text.empty()) {
    const auto open = text.find('<');
    const auto close = open == std::string_view::npos ? open : text.find('>', open);
    plain += without_entities(text.substr(0, close == std::string_view::npos ? close : open));
    if (close == std::string_view::npos) break;
    plain += plain_link(text.substr(open + 1, close - open - 1), self);
    text.remove_prefix(close + 1);
  }
  auto line = stripped(plain);
  while (is_marked(line)) line = stripped(line.substr(1, line.size() - 2));
  return outside_of_quotes(line, [](std::string_view piece) {
    auto unmarked = without_pairs(without_pairs(without_pairs(piece, '_'), '*'), '_');
    return with_options(unmarked);
  });
}

bool mentions(std::string_view text, std::string_view self) {
  const auto pill = "<@" + std::string(self);
  for (auto at = text.find(pill); at != std::string_view::npos; at = text.find(pill, at + 1)) {
    const auto rest = text.substr(at + pill.size());
    if (rest.starts_with('>') || rest.starts_with('|')) return true;
  }
  return false;
}

std::string escaped(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    bool is_special = false;
    for (const auto& [entity, character] : entities)
      if (c == character) {
        safe += entity;
        is_special = true;
      }
    if (!is_special) safe += c;
  }
  return safe;
}

}  // namespace bot::slack
