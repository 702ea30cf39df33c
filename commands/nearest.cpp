#include "commands/nearest.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "commands/utf8.hpp"

namespace commands {
namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t most_edits = 2;

/// Optimal string alignment: the least insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::size_t common_start(std::string_view a, std::string_view b) {
  const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return static_cast<std::size_t>(end - a.begin());
}

constexpr std::array<std::string_view, 4> lines = {"cx", "cpx", "cax", "ccx"};

bool is_line(std::string_view letters) {
  return std::find(lines.begin(), lines.end(), letters) != lines.end();
}

/// One letter off a line of three ("cpz", "cp", "cxp"); cx alone has too many neighbours that are names.
bool is_nearly_line(std::string_view letters) {
  if (letters == "xc") return true;
  return std::any_of(lines.begin() + 1, lines.end(),
                     [&](std::string_view line) { return distance(letters, line) == 1; });
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > longest_word) return std::nullopt;
  const std::string wanted = lower(word);
  std::size_t best = most_edits + 1;
  std::size_t best_start = 0;
  std::string_view found;
  for (const std::string_view candidate : known) {
    if (candidate.size() > longest_word) continue;
    const std::size_t edits = distance(wanted, candidate);
    const bool near = edits == 0 || 2 * edits < wanted.size();
    const std::size_t start = common_start(wanted, candidate);
    if (!near || edits > best || (edits == best && start <= best_start)) continue;
    best = edits;
    best_start = start;
    found = candidate;
  }
  if (best > most_edits) return std::nullopt;
  return std::string(found);
}

bool looks_like_type(std::string_view word) {
  if (word.size() > 10) return false;
  std::string name = lower(word);
  std::erase_if(name, [](char c) { return c == '-' || c == '_' || c == '.'; });
  const auto letters = std::min(name.find_first_of("0123456789"), name.size());
  const auto line = std::string_view(name).substr(0, letters);
  const auto rest = std::string_view(name).substr(letters);
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits > 3 || rest.size() - digits > 1) return false;
  if (is_line(line)) return true;
  return digits == 2 && is_nearly_line(line);
}

}  // namespace commands
