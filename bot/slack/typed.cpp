#include "bot/slack/typed.hpp"

#include <array>
#include <utility>

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
  while (line.size() > 2 && line.front() == line.back() && (line.front() == '*' || line.front() == '_'))
    line = stripped(line.substr(1, line.size() - 2));
  return std::string(line);
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
