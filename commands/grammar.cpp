#include "commands/grammar.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "commands/printable.hpp"
#include "commands/typing.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t most_words = 64;
constexpr std::size_t longest_key = 32;  // a longer one with "=" behind it is an ssh key's base64
constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::array<std::string_view, 9> days = {"today", "tomorrow", "mon", "tue", "wed",
                                                  "thu",   "fri",      "sat", "sun"};

Error refused(const std::string& why) { return Error(why + " Nothing was done."); }

struct Token {
  std::string text;   ///< without the quotes
  bool bare = true;   ///< does not begin with a quote: may be a keyword, an option, a flag or a person
  std::size_t plain;  ///< how much of `text` stands before the first quote
};

bool is_name_letter(char c) { return letters_and_digits.find(c) != std::string_view::npos; }

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= longest_key && is_name_letter(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_name_letter(c) || c == '-' || c == '_'; });
}

/// An apostrophe is a quote only where a word or a value begins: "don't" is a word.
bool opens_quote(char c, const std::string& before) {
  return c == '"' || (c == '\'' && (before.empty() || before.back() == '='));
}

/// Where the quote that opens at `open` closes; ' closes only at the end of a word.
std::size_t closing(std::string_view line, std::size_t open) {
  const char quote = line[open];
  auto at = line.find(quote, open + 1);
  while (quote == '\'' && at != std::string_view::npos && at + 1 < line.size() && line[at + 1] != ' ')
    at = line.find(quote, at + 1);
  if (at == std::string_view::npos)
    throw refused("A quote is opened and never closed; write \"like this\", or leave the quote out.");
  return at;
}

Token next_token(std::string_view line, std::size_t& at) {
  Token token;
  token.plain = std::string::npos;
  for (; at < line.size() && line[at] != ' '; ++at) {
    if (!opens_quote(line[at], token.text)) {
      token.text += line[at];
      continue;
    }
    token.bare = token.bare && !token.text.empty();
    token.plain = std::min(token.plain, token.text.size());
    const auto close = closing(line, at);
    token.text += line.substr(at + 1, close - at - 1);
    at = close;
  }
  token.plain = std::min(token.plain, token.text.size());
  return token;
}

std::vector<Token> tokens_of(std::string_view line) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == ' ') continue;
    if (tokens.size() == most_words) throw refused("That line has more than 64 words.");
    tokens.push_back(next_token(line, at));
  }
  return tokens;
}

/// Reads the tokens from left to right into one Request.
class Reader {
 public:
  explicit Reader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Request read() {
    while (at_ < tokens_.size()) {
      const Token& token = tokens_[at_++];
      if (!token.bare || !(is_keyword(token) || is_option(token) || is_flag(token))) word(token);
    }
    return std::move(request_);
  }

 private:
  void word(const Token& token) {
    const bool person = token.bare && token.text.size() > 1 && token.text[0] == '@';
    if (request_.verb.empty())
      request_.verb = lower(token.text);
    else if (person && request_.words.empty() && request_.person.empty())
      request_.person = token.text.substr(1);
    else
      request_.words.push_back(token.text);
  }

  bool is_keyword(const Token& token) {
    const std::string key = lower(token.text);
    const bool known = key == "for" || key == "until" || key == "in";
    if (!known || request_.verb.empty() || token.plain != token.text.size()) return false;
    if (at_ == tokens_.size() || (tokens_[at_].bare && tokens_[at_].text.starts_with("--")))
      throw refused("After \"" + key +
                    "\" something is missing, as in \"for 3h\", \"until 18:00\" or \"in 20m\".");
    const Token& value = tokens_[at_++];
    if (key == "for" && value.bare && value.text.size() > 1 && value.text[0] == '@') {
      person(value.text.substr(1));
      return true;
    }
    option(key, key == "until" ? instant(value) : value.text);
    return true;
  }

  /// "18:00", or a day and the time that follows it.
  std::string instant(const Token& first) {
    const bool day = std::find(days.begin(), days.end(), lower(first.text)) != days.end();
    const bool time = at_ < tokens_.size() && tokens_[at_].text.find_first_of("0123456789") == 0;
    if (!day || !time) return first.text;
    return first.text + " " + tokens_[at_++].text;
  }

  bool is_option(const Token& token) {
    const std::string_view text = token.text;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals >= token.plain) return false;
    auto key = text.substr(0, equals);
    if (key.starts_with("--")) key.remove_prefix(2);
    if (key.empty())
      throw refused("Before the \"=\" of \"" + cut(token.text, 40) +
                    "\" a name is missing, as in image=ubuntu-dev.");
    if (!is_key(key)) return false;
    const auto value = text.substr(equals + 1);
    if (lower(key) == "for" && value.size() > 1 && value[0] == '@')
      person(std::string(value.substr(1)));
    else
      option(lower(key), std::string(value));
    return true;
  }

  bool is_flag(const Token& token) {
    if (!token.text.starts_with("--") || token.plain != token.text.size()) return false;
    const auto name = lower(token.text.substr(2));
    if (!is_key(name)) return false;
    request_.flags.insert(name);
    return true;
  }

  void option(const std::string& key, const std::string& value) {
    if (!request_.options.emplace(key, value).second) throw refused("\"" + key + "\" is said twice.");
  }

  void person(const std::string& name) {
    if (!request_.person.empty()) throw refused("Two people are named and one is meant.");
    request_.person = name;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  Request request_;
};

/// Takes `start` and what separates it from the rest off the front of `line`.
std::optional<std::string> after(std::string_view line, const std::string& start) {
  if (start.empty() || lower(line.substr(0, start.size())) != lower(start)) return std::nullopt;
  line.remove_prefix(start.size());
  const auto rest = line.find_first_not_of(line.starts_with(':') || line.starts_with(',') ? ":, " : " ");
  if (rest == 0) return std::nullopt;  // "!devboxes"
  return std::string(line.substr(std::min(rest, line.size())));
}

/// "@devbox up" and Matrix's "@devbox:example.org: up".
std::optional<std::string> after_mention(std::string_view line, const std::string& name) {
  const auto end = std::min(line.find(' '), line.size());
  auto first = line.substr(0, end);
  if (first.ends_with(':') || first.ends_with(',')) first.remove_suffix(1);
  const std::string mention = "@" + lower(name);
  const std::string person = lower(first.substr(0, first.find(':')));
  if (person != mention) return std::nullopt;
  const auto rest = line.find_first_not_of(' ', end);
  return std::string(line.substr(std::min(rest, line.size())));
}

std::string or_help(const std::string& said) { return said.empty() ? "help" : said; }

}  // namespace

std::optional<std::string> addressed(std::string_view text, const std::string& prefix, bool direct) {
  const std::string line = plain_typing(text);
  const auto name = prefix.substr(std::min(prefix.find_first_of(letters_and_digits), prefix.size()));
  if (auto rest = after(line, prefix)) return or_help(*rest);
  if (!name.empty()) {
    if (auto rest = after(line, "/" + name)) return or_help(*rest);
    if (auto rest = after_mention(line, name)) return or_help(*rest);
    const bool called = line.size() > name.size() && (line[name.size()] == ':' || line[name.size()] == ',');
    if (called)
      if (auto rest = after(line, name)) return or_help(*rest);
  }
  if (direct && !line.empty()) return line;
  return std::nullopt;
}

Request parse(std::string_view line) {
  if (line.size() > longest_line) throw refused("That line is longer than 4 KiB.");
  if (line.find('\0') != std::string_view::npos || !is_utf8(line))
    throw refused("That line is no UTF-8 text.");
  return Reader(tokens_of(line)).read();
}

std::string option_or(const Request& ask, const std::string& key, const std::string& otherwise) {
  const auto found = ask.options.find(key);
  return found == ask.options.end() ? otherwise : found->second;
}

}  // namespace commands
