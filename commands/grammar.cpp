#include "commands/grammar.hpp"

#include <vector>

#include "commands/typing.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_words = 64;

struct Word {
  std::string text;
  bool quoted = false;  ///< any part of it: then it is nothing but a word
};

void refuse_what_nobody_types(std::string_view line) {
  if (line.size() > longest_line)
    throw Error("That line is too long (" + std::to_string(line.size()) +
                " bytes; 4096 are read). Nothing was done.");
  if (line.find('\0') != std::string_view::npos)
    throw Error("That line holds a NUL character and was not read. Nothing was done.");
  if (!is_utf8(line)) throw Error("That line is not UTF-8 text and was not read. Nothing was done.");
}

std::vector<Word> split(std::string_view line) {
  std::vector<Word> words;
  bool open = false, inside = false;
  for (const char c : line) {
    const bool is_space = c == ' ' || c == '\t';
    if (c == '"') {
      open = !open;
      if (!inside) words.emplace_back();
      inside = true;
      words.back().quoted = true;
    } else if (is_space && !open) {
      inside = false;
    } else {
      if (!inside) words.emplace_back();
      inside = true;
      words.back().text += c;
    }
  }
  if (open) throw Error("A quote was opened and not closed: put a \" at the end of it. Nothing was done.");
  if (words.size() > most_words) throw Error("That line has more than 64 words. Nothing was done.");
  return words;
}

bool is_time_word(const std::string& key) { return key == "for" || key == "until" || key == "in"; }

/// Takes the words one after another; what follows `for`, `until` and `in` belongs to them.
class Reader {
 public:
  explicit Reader(std::vector<Word> words) : words_(std::move(words)) {}

  Request read() {
    request_.verb = words_.empty() ? "" : lower(words_.front().text);
    for (at_ = 1; at_ < words_.size(); ++at_) take(words_[at_]);
    return std::move(request_);
  }

 private:
  void take(const Word& word) {
    const auto key = lower(word.text);
    if (word.quoted && word.text.find('=') == std::string::npos) return request_.words.push_back(word.text);
    if (word.text.starts_with("--") && word.text.size() > 2) return take_flag(word.text.substr(2));
    if (is_time_word(key) && at_ + 1 < words_.size() && !words_[at_ + 1].quoted) return take_time(key);
    const auto equals = word.text.find('=');
    if (equals != std::string::npos)
      return take_option(word.text.substr(0, equals), word.text.substr(equals + 1));
    if (word.text.starts_with('@') && at_ == 1 && word.text.size() > 1) return take_person(word.text);
    request_.words.push_back(word.text);
  }

  void take_flag(const std::string& text) {
    const auto equals = text.find('=');
    if (equals != std::string::npos) return take_option(text.substr(0, equals), text.substr(equals + 1));
    request_.flags.insert(lower(text));
  }

  void take_option(const std::string& key, const std::string& value) {
    if (key.empty()) throw Error("\"=" + value + "\" has no key in front of it. Nothing was done.");
    const bool is_new = request_.options.emplace(lower(key), value).second;
    if (!is_new) throw Error("\"" + lower(key) + "\" was given twice. Nothing was done.");
  }

  void take_time(const std::string& key) {
    const auto& next = words_[++at_].text;
    if (key == "for" && next.starts_with('@')) return take_person(next);
    auto value = next;
    const bool has_day = key == "until" && lower(next) == "tomorrow" && at_ + 1 < words_.size();
    if (has_day) value += " " + words_[++at_].text;
    take_option(key, value);
  }

  void take_person(const std::string& text) {
    if (!request_.person.empty()) throw Error("Two people were named; one is meant. Nothing was done.");
    request_.person = text.substr(1);
  }

  std::vector<Word> words_;
  std::size_t at_ = 0;
  Request request_;
};

}  // namespace

std::optional<std::string> addressed(std::string_view text, const std::string& prefix, bool direct) {
  // Only the front is looked at before it is known to be for us: most of what a room says is not.
  auto line = plain_typing(text);
  const auto front = lower(std::string_view(line).substr(0, prefix.size()));
  const bool has_prefix =
      front == lower(prefix) && (line.size() == prefix.size() || line[prefix.size()] == ' ' ||
                                 line[prefix.size()] == ':' || line[prefix.size()] == ',');
  if (!has_prefix) {
    if (!direct || line.empty()) return std::nullopt;
    return line;
  }
  line.erase(0, prefix.size());
  const auto rest = line.find_first_not_of(" :,");
  return rest == std::string::npos ? "help" : line.substr(rest);
}

Request parse(std::string_view line) {
  refuse_what_nobody_types(line);
  return Reader(split(line)).read();
}

}  // namespace commands
