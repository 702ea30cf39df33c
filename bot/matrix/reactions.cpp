#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "bot/matrix/content.hpp"
#include "commands/utf8.hpp"

namespace bot::matrix {
namespace {

constexpr std::string_view yes = "✅";
constexpr std::string_view no = "❌";
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> signs = {{{"yes", yes},
                                                                                 {"no", no},
                                                                                 {"approve", yes},
                                                                                 {"deny", no},
                                                                                 {"stop", "🛑"},
                                                                                 {"extend", "⏰"},
                                                                                 {"snooze", "💤"},
                                                                                 {"open", "🔗"}}};
constexpr std::string_view variation = "\xEF\xB8\x8F";
constexpr std::string_view keycap = "\xE2\x83\xA3";

/// "yes 1234", "!devbox yes 1234" → ✅; "" = none of its own.
std::string_view sign_of(std::string_view words) {
  while (!words.empty()) {
    const auto word = words.substr(0, words.find(' '));
    const auto lowered = commands::lower(word);
    for (const auto& [known, sign] : signs)
      if (lowered == known) return sign;
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
  return "";
}

std::string digit(std::size_t index) {
  if (index >= 9) return index == 9 ? "🔟" : "";
  return std::to_string(index + 1) + std::string(variation) + std::string(keycap);
}

/// How a key looks in every client: without variation selector and the colours of a hand.
std::string plain(std::string_view key) {
  constexpr std::string_view first_tone = "\xF0\x9F\x8F\xBB";
  std::string text;
  while (!key.empty()) {
    const auto length = std::max<std::size_t>(commands::first_character(key).length, 1);
    const auto bytes = key.substr(0, length);
    const bool is_tone = bytes.size() == 4 && bytes.substr(0, 3) == first_tone.substr(0, 3) &&
                         bytes[3] >= first_tone[3] && bytes[3] <= '\xBF';
    if (bytes != variation && !is_tone) text += bytes;
    key.remove_prefix(length);
  }
  if (text == "👍") return std::string(yes);
  if (text == "👎") return std::string(no);
  return text;
}

}  // namespace

std::string reaction_of(const std::vector<Choice>& choices, std::size_t index) {
  const auto sign = sign_of(choices.at(index).word);
  const auto has_same = [&](const Choice& choice) { return sign_of(choice.word) == sign; };
  const auto before = choices.begin() + static_cast<std::ptrdiff_t>(index);
  if (sign.empty() || std::any_of(choices.begin(), before, has_same)) return digit(index);
  return std::string(sign);
}

std::optional<Choice> choice_of(const std::vector<Choice>& choices, const std::string& key) {
  const auto wanted = plain(key);
  for (std::size_t i = 0; i < choices.size(); ++i)
    if (!wanted.empty() && plain(reaction_of(choices, i)) == wanted) return choices[i];
  return std::nullopt;
}

}  // namespace bot::matrix
