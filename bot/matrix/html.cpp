#include <algorithm>

#include "bot/matrix/content.hpp"
#include "commands/printable.hpp"

namespace bot::matrix {
namespace {

constexpr std::string_view spaces = " \t";
constexpr std::string_view block_mark = "```";  // a line of its own, before and after what is shown as it is

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return "";
  }
}

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    const auto entity = entity_of(c);
    if (entity.empty())
      html += c;
    else
      html += entity;
  }
  return html;
}

/// HTML takes many spaces for one, and none at the start of a line.
std::string spaced(std::string_view text, bool at_start) {
  std::string html;
  while (!text.empty()) {
    const auto word = std::min(text.find_first_of(spaces), text.size());
    html += escaped(text.substr(0, word));
    text.remove_prefix(word);
    const auto run = std::min(text.find_first_not_of(spaces), text.size());
    if (run == 0) continue;
    const bool is_leading = at_start && word == 0;
    for (auto kept = run - (is_leading ? 0 : 1); kept > 0; --kept) html += "&nbsp;";
    if (!is_leading) html += ' ';
    text.remove_prefix(run);
    at_start = false;
  }
  return html;
}

/// The length of `code` in back-ticks at the front of `text`, with them; 0 = none.
std::size_t code_length(std::string_view text) {
  if (!text.starts_with('`')) return 0;
  const auto end = text.find('`', 1);
  return end != std::string_view::npos && end > 1 ? end + 1 : 0;
}

/// The length of the URL at the front of `text`, without the punctuation of the sentence it stands in.
std::size_t url_length(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return 0;
  auto url = text.substr(0, text.find_first_of(" \t<>\"`"));
  const bool has_round = url.find('(') != std::string_view::npos;
  const bool has_square = url.find('[') != std::string_view::npos;
  while (url.size() > scheme) {
    const char last = url.back();
    const bool is_its_own = (last == ')' && has_round) || (last == ']' && has_square);
    if (is_its_own || std::string_view(".,;:!?')]").find(last) == std::string_view::npos) break;
    url.remove_suffix(1);
  }
  return url.size() > scheme ? url.size() : 0;
}

std::string link(std::string_view url) {
  const auto target = escaped(url);
  return "<a href=\"" + target + "\">" + target + "</a>";
}

/// `keeps_spaces`: a line of a table, where they count and nothing is code.
std::string line_html(std::string_view line, bool keeps_spaces) {
  std::string html;
  std::size_t plain = 0;  // what stands from here to `at` is not written yet
  std::size_t at = 0;
  const auto write_plain = [&] {
    const auto text = line.substr(plain, at - plain);
    html += keeps_spaces ? escaped(text) : spaced(text, plain == 0);
  };
  while (at < line.size()) {
    const auto rest = line.substr(at);
    const bool is_begin = at == 0 || !is_letter_or_digit(line[at - 1]);
    const auto code = keeps_spaces ? 0 : code_length(rest);
    const auto url = is_begin ? url_length(rest) : 0;
    if (code == 0 && url == 0) {
      ++at;
      continue;
    }
    write_plain();
    if (code > 0)
      html += "<code>" + spaced(rest.substr(1, code - 2), false) + "</code>";
    else
      html += link(rest.substr(0, url));
    at += code + url;
    plain = at;
  }
  write_plain();
  return html;
}

bool has_columns(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(spaces), line.size()));
  line = line.substr(0, line.find_last_not_of(spaces) + 1);
  return line.find("  ") != std::string_view::npos || line.find('\t') != std::string_view::npos;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

/// The lines from the first to the last that have columns; empty when there are fewer than two.
struct Table {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Table table_in(const std::vector<std::string_view>& lines) {
  const auto first = std::find_if(lines.begin(), lines.end(), has_columns);
  const auto last = std::find_if(lines.rbegin(), lines.rend(), has_columns).base();
  if (last - first < 2) return {};
  return {static_cast<std::size_t>(first - lines.begin()), static_cast<std::size_t>(last - lines.begin())};
}

using Lines = std::vector<std::string_view>;

std::string html_of(const Lines& lines) {
  const auto table = table_in(lines);
  std::string html;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == table.begin && table.end > 0) html += "<pre><code>";
    const bool is_row = i >= table.begin && i < table.end;
    html += line_html(lines[i], is_row);
    const bool ends_table = is_row && i + 1 == table.end;
    const bool before_table = i + 1 == table.begin && table.end > 0;
    if (ends_table)
      html += "</code></pre>";
    else if (is_row)
      html += '\n';
    else if (!before_table && i + 1 < lines.size())
      html += "<br>";
  }
  return html;
}

/// Nothing in it is a link or a table.
std::string block_html(Lines::const_iterator begin, Lines::const_iterator end) {
  std::string html = "<pre><code>";
  for (auto line = begin; line != end; ++line) html += (line == begin ? "" : "\n") + escaped(*line);
  return html + "</code></pre>";
}

}  // namespace

std::string html_of(const std::string& given) {
  const auto text = commands::printable(given);
  const auto lines = lines_of(text);
  std::string html;
  auto from = lines.begin();
  for (;;) {
    const auto begin = std::find(from, lines.end(), block_mark);
    const auto end = begin == lines.end() ? begin : std::find(begin + 1, lines.end(), block_mark);
    if (end == lines.end()) break;
    html += html_of(Lines(from, begin)) + block_html(begin + 1, end);
    from = end + 1;
  }
  return html + html_of(Lines(from, lines.end()));
}

}  // namespace bot::matrix
