#include "commands/typing.hpp"

#include <array>
#include <optional>

#include "commands/utf8.hpp"

namespace commands {
namespace {

constexpr std::string_view spaces = " \t\v\f";

std::string_view trim(std::string_view text) {
  const auto from = text.find_first_not_of(spaces);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(spaces) - from + 1);
}

/// What a phone's keyboard puts in place of a plain character; nullopt = it stays as it is.
std::optional<std::string_view> plain(std::uint32_t code, bool starts_word) {
  switch (code) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
      return "'";
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033:
    case 0xAB:
    case 0xBB:
      return "\"";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2212:
      return "-";
    case 0x2013:
    case 0x2014:
    case 0x2015:
      return starts_word ? "--" : "-";
    case 0xA0:
    case 0x1680:
    case 0x202F:
    case 0x205F:
    case 0x3000:
    case 0x2028:
    case 0x2029:
      return " ";
    case 0xAD:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x200E:
    case 0x200F:
    case 0x2060:
    case 0xFEFF:
    case 0xFE0E:
    case 0xFE0F:
      return "";
    default:
      return code >= 0x2000 && code <= 0x200A ? std::optional<std::string_view>(" ") : std::nullopt;
  }
}

std::string with_plain_characters(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto character = first_character(text);
    const auto length = character.length ? character.length : 1;
    const bool starts_word = result.empty() || result.back() == ' ';
    const auto replaced = character.length ? plain(character.code, starts_word) : std::nullopt;
    result += replaced ? *replaced : text.substr(0, length);
    text.remove_prefix(length);
  }
  return result;
}

bool is_link(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://") || text.starts_with("mailto:");
}

/// `<http://x|shown>` and `<http://x>`; what is shown, and how long the whole is.
struct Link {
  std::string shown;
  std::size_t length;
};
std::optional<Link> angled_link(std::string_view text) {
  const auto end = text.find('>');
  if (!text.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  const auto inner = text.substr(1, end - 1);
  if (!is_link(inner)) return std::nullopt;
  const auto bar = inner.find('|');
  return Link{std::string(bar == std::string_view::npos ? inner : inner.substr(bar + 1)), end + 1};
}

/// `[shown](http://x)`; a link to a person is the @person.
std::optional<Link> bracketed_link(std::string_view text) {
  const auto middle = text.find("](");
  const auto end = middle == std::string_view::npos ? middle : text.find(')', middle);
  if (!text.starts_with('[') || end == std::string_view::npos) return std::nullopt;
  const auto target = text.substr(middle + 2, end - middle - 2);
  if (!is_link(target)) return std::nullopt;
  constexpr std::string_view person = "https://matrix.to/#/";
  const bool is_person = target.starts_with(std::string(person) + "@");
  return Link{std::string(is_person ? target.substr(person.size()) : text.substr(1, middle - 1)), end + 1};
}

/// Links become their text and back-ticks go, both only outside quotes.
std::string without_markup(std::string_view text) {
  std::string result;
  bool quoted = false;
  while (!text.empty()) {
    if (text.front() == '"') quoted = !quoted;
    auto link = quoted ? std::nullopt : angled_link(text);
    if (!quoted && !link) link = bracketed_link(text);
    if (link) {
      result += link->shown;
      text.remove_prefix(link->length);
      continue;
    }
    if (quoted || text.front() != '`') result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

std::string_view without_trailing_punctuation(std::string_view text) {
  while (!text.empty() && std::string_view(".,;!").find(text.back()) != std::string_view::npos)
    text = trim(text.substr(0, text.size() - 1));
  return text;
}

std::string_view first_line(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    const auto line = trim(text.substr(0, end));
    if (!line.empty() && line.find_first_not_of('`') != std::string_view::npos) return line;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

std::string plain_typing(std::string_view text) {
  const auto characters = with_plain_characters(first_line(text));
  const auto words = without_markup(characters);
  return std::string(without_trailing_punctuation(trim(words)));
}

}  // namespace commands
