#include "commands/typing.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "commands/utf8.hpp"

namespace commands {
namespace {

using Code = std::uint32_t;

constexpr std::array<std::string_view, 4> schemes = {"http://", "https://", "mailto:", "tel:"};
constexpr std::string_view person_link = "https://matrix.to/#/@";
constexpr std::string_view trailing = " .,!?;:";
constexpr std::size_t longest_link = 2048;  // so that a line of brackets is not searched over and over

bool is_line_end(Code code) {
  return code == '\n' || code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029;
}

bool is_space(Code code) {
  return code == ' ' || code == '\t' || code == '\v' || code == '\f' || code == 0xA0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000;
}

/// NUL is not among them: the grammar refuses it.
bool is_invisible(Code code) {
  const bool control = (code > 0 && code < 0x20) || (code >= 0x7F && code <= 0x9F);
  const bool joiner = code == 0xAD || code == 0x180E || code == 0xFEFF ||
                      (code >= 0x2060 && code <= 0x2064) || (code >= 0x200B && code <= 0x200F) ||
                      (code >= 0xFE00 && code <= 0xFE0F);
  const bool direction =
      code == 0x61C || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return control || joiner || direction;
}

bool is_double_quote(Code code) {
  return (code >= 0x201C && code <= 0x201F) || code == 0xAB || code == 0xBB || code == 0x2033;
}

bool is_single_quote(Code code) {
  return (code >= 0x2018 && code <= 0x201B) || code == 0x2039 || code == 0x203A || code == 0x2032;
}

bool is_long_dash(Code code) { return code == 0x2013 || code == 0x2014 || code == 0x2015; }
bool is_short_dash(Code code) { return code == 0x2010 || code == 0x2011 || code == 0x2012 || code == 0x2212; }

/// Phones make one long dash of two short ones; between two characters it stands for a range.
std::string_view long_dash_after(std::string_view written) {
  if (written.ends_with("--")) return "";
  return written.empty() || written.back() == ' ' || written.back() == '`' ? "--" : "-";
}

void write(std::string& written, Code code, std::string_view bytes) {
  if (is_space(code))
    written += ' ';
  else if (is_invisible(code))
    return;
  else if (is_double_quote(code))
    written += '"';
  else if (is_single_quote(code))
    written += '\'';
  else if (is_long_dash(code))
    written += long_dash_after(written);
  else if (is_short_dash(code))
    written += '-';
  else if (code == 0x2026)
    written += "...";
  else if (code == 0x3002)
    written += '.';
  else if (code >= 0xFF01 && code <= 0xFF5E)
    written += static_cast<char>(code - 0xFEE0);
  else
    written += bytes;
}

/// Takes one line off the front of `text`.
std::string next_line(std::string_view& text) {
  std::string line;
  while (!text.empty()) {
    const Character next = first_character(text);
    const auto bytes = text.substr(0, std::max<std::size_t>(next.length, 1));
    text.remove_prefix(bytes.size());
    if (next.length == 0)
      line += bytes;
    else if (is_line_end(next.code))
      break;
    else
      write(line, next.code, bytes);
  }
  return line;
}

bool is_link(std::string_view target) {
  const std::string lowered = lower(target.substr(0, 8));
  return std::any_of(schemes.begin(), schemes.end(),
                     [&](std::string_view scheme) { return lowered.starts_with(scheme); });
}

/// What was typed before the chat made a link of it.
std::string_view link_text(std::string_view target, std::string_view label) {
  if (target.starts_with(person_link)) {
    const auto person = target.substr(person_link.size() - 1);
    return person.substr(0, person.find_first_of("?/"));
  }
  return label.empty() ? target : label;
}

struct Link {
  std::string_view text;
  std::size_t length;  ///< of the whole link
};

/// `<http://x>`, `<http://x|x>`, `<@U1|bob>` at the front of `text`.
std::optional<Link> angle_link(std::string_view text) {
  const auto end = text.find('>');
  if (!text.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  const auto inside = text.substr(1, end - 1);
  const auto bar = inside.find('|');
  const auto target = inside.substr(0, bar);
  const auto label = bar == std::string_view::npos ? "" : inside.substr(bar + 1);
  if (target.size() > 1 && target.starts_with('@')) return Link{target, end + 1};
  if (!is_link(target)) return std::nullopt;
  return Link{link_text(target, label), end + 1};
}

/// `[x](http://x)` at the front of `text`.
std::optional<Link> bracket_link(std::string_view text) {
  const auto middle = text.find("](");
  if (!text.starts_with('[') || middle == std::string_view::npos) return std::nullopt;
  const auto end = text.find(')', middle);
  const auto label = text.substr(1, middle - 1);
  if (end == std::string_view::npos || label.find('[') != std::string_view::npos) return std::nullopt;
  const auto target = text.substr(middle + 2, end - middle - 2);
  if (!is_link(target)) return std::nullopt;
  return Link{link_text(target, label), end + 1};
}

std::string without_links(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const auto front = line.substr(0, longest_link);
    const auto link = line[0] == '<'   ? angle_link(front)
                      : line[0] == '[' ? bracket_link(front)
                                       : std::nullopt;
    text += link ? link->text : line.substr(0, 1);
    line.remove_prefix(link ? link->length : 1);
  }
  return text;
}

std::string without_back_ticks(std::string_view line) {
  std::string text;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c != '`' || quoted) text += c;
  }
  return text;
}

std::string trimmed(const std::string& line) {
  const auto begin = line.find_first_not_of(' ');
  const auto end = line.find_last_not_of(trailing);
  return begin == std::string::npos || end == std::string::npos || end < begin
             ? ""
             : line.substr(begin, end - begin + 1);
}

}  // namespace

std::string plain_typing(std::string_view text) {
  while (!text.empty()) {
    const std::string line = trimmed(without_back_ticks(without_links(next_line(text))));
    if (!line.empty()) return line;
  }
  return "";
}

}  // namespace commands
