#include "hetzner/simulator/labels.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>

#include "hetzner/simulator/refusal.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t longest_selector = 4096;  ///< a firewall's comes in a body; see the regex below

bool is_alnum(char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0; }

/// 1 to 63 of [A-Za-z0-9_.-], letters or digits at both ends.
bool is_word(std::string_view text) {
  if (text.empty() || text.size() > 63) return false;
  const auto fits = [](char letter) {
    return is_alnum(letter) || letter == '-' || letter == '_' || letter == '.';
  };
  return is_alnum(text.front()) && is_alnum(text.back()) && std::all_of(text.begin(), text.end(), fits);
}

bool is_prefix(std::string_view text) {
  static const std::regex dns("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
  return text.size() <= 253 && text != "hetzner.cloud" && std::regex_match(text.begin(), text.end(), dns);
}

bool is_key(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return is_word(text);
  return is_prefix(text.substr(0, slash)) && is_word(text.substr(slash + 1));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Splits at the commas that stand outside parentheses.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char letter = i < text.size() ? text[i] : ',';
    if (letter == '(') ++depth;
    if (letter == ')') --depth;
    if (i < text.size() && (letter != ',' || depth > 0)) continue;
    parts.push_back(trimmed(text.substr(start, i - start)));
    start = i + 1;
  }
  return parts;
}

Refusal bad_selector() { return invalid("label_selector", "it is not a label selector"); }

std::string key_from(std::string_view text) {
  if (!is_key(trimmed(text))) throw bad_selector();
  return std::string(trimmed(text));
}

std::string value_from(std::string_view text) {
  const auto value = trimmed(text);
  if (!value.empty() && !is_word(value)) throw bad_selector();
  return std::string(value);
}

struct Choice {
  std::string_view key, word, values;
};

/// "key in (a,b)" or "key notin (a,b)". By hand, for std::regex calls itself for every letter.
std::optional<Choice> find_choice(std::string_view text) {
  const auto open = text.find('(');
  if (open == text.npos || !text.ends_with(')')) return std::nullopt;
  const auto head = trimmed(text.substr(0, open));
  const auto values = text.substr(open + 1, text.size() - open - 2);
  const auto space = head.find_last_of(' ');
  if (space == head.npos || values.find_first_of("()") != values.npos) return std::nullopt;
  const auto word = head.substr(space + 1);
  if (word != "in" && word != "notin") return std::nullopt;
  return Choice{head.substr(0, space), word, values};
}

}  // namespace

Labels labels_from(const json& value) {
  Labels labels;
  if (value.is_array() && value.empty()) return labels;
  if (!value.is_object()) throw invalid("labels", "must be an object");
  for (const auto& [key, text] : value.items()) {
    if (!is_key(key)) throw invalid("labels", "label key '" + key + "' is not correctly formatted");
    if (!text.is_string()) throw invalid("labels", "label value of '" + key + "' must be a string");
    const auto& word = text.get_ref<const std::string&>();
    if (!word.empty() && !is_word(word))
      throw invalid("labels", "label value '" + word + "' (key: " + key + ") is not correctly formatted");
    labels[key] = word;
  }
  return labels;
}

Selector::Selector(std::string_view text) {
  if (text.size() > longest_selector) throw bad_selector();
  for (const auto part : split(text)) terms_.push_back(parse(part));
}

Selector::Term Selector::parse(std::string_view text) {
  Term term;
  if (const auto choice = find_choice(text)) {
    term.key = key_from(choice->key);
    term.kind = choice->word == "in" ? Term::Kind::in : Term::Kind::not_in;
    for (const auto part : split(choice->values)) term.values.push_back(value_from(part));
  } else if (const auto equals = text.find('='); equals != std::string_view::npos && equals > 0) {
    const bool negated = text[equals - 1] == '!';
    const bool doubled = !negated && equals + 1 < text.size() && text[equals + 1] == '=';
    term.key = key_from(text.substr(0, equals - (negated ? 1 : 0)));
    term.kind = negated ? Term::Kind::not_in : Term::Kind::in;
    term.values = {value_from(text.substr(equals + (doubled ? 2 : 1)))};
  } else {
    const bool absent = text.starts_with('!');
    term.key = key_from(text.substr(absent ? 1 : 0));
    term.kind = absent ? Term::Kind::absent : Term::Kind::exists;
  }
  return term;
}

bool Selector::Term::matches(const Labels& labels) const {
  const auto found = labels.find(key);
  const bool exists = found != labels.end();
  const auto listed = [&] { return std::find(values.begin(), values.end(), found->second) != values.end(); };
  switch (kind) {
    case Kind::exists:
      return exists;
    case Kind::absent:
      return !exists;
    case Kind::in:
      return exists && listed();
    case Kind::not_in:
      return !exists || !listed();
  }
  return false;
}

bool Selector::matches(const Labels& labels) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) { return term.matches(labels); });
}

}  // namespace hetzner::simulator
