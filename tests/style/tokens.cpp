#include "tests/style/tokens.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace style {
namespace {

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool continues_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void step() {
    char c = peek();
    if (c == '\n') {
      fresh_line_ = true;
      skip(1);
    } else if (std::isspace(static_cast<unsigned char>(c))) {
      skip(1);
    } else if (text_.substr(at_, 2) == "//") {
      skip_to("\n", 0);
    } else if (text_.substr(at_, 2) == "/*") {
      skip_to("*/", 2);
    } else if (c == '#' && fresh_line_) {
      directive();
    } else {
      fresh_line_ = false;
      token(c);
    }
  }

  void token(char c) {
    if (starts_name(c)) {
      word();
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      number();
    } else if (c == '"' || c == '\'') {
      quoted(c);
    } else {
      symbol();
    }
  }

  void word() {
    std::size_t end = at_;
    while (end < text_.size() && continues_name(text_[end])) ++end;
    std::string name(text_.substr(at_, end - at_));
    bool prefix = end < text_.size() && (text_[end] == '"' || text_[end] == '\'');
    skip(end - at_);
    if (prefix && name.ends_with("R") && name.size() <= 3) {
      raw();
    } else if (prefix && (name == "u8" || name == "u" || name == "U" || name == "L")) {
      quoted(peek());
    } else {
      tokens_.push_back({Token::Kind::name, std::move(name), line_});
    }
  }

  void number() {
    std::size_t end = at_;
    while (end < text_.size() && (continues_name(text_[end]) || text_[end] == '.' || text_[end] == '\''))
      ++end;
    tokens_.push_back({Token::Kind::literal, std::string(text_.substr(at_, end - at_)), line_});
    skip(end - at_);
  }

  void quoted(char quote) {
    int line = line_;
    skip(1);
    while (at_ < text_.size() && peek() != quote) skip(peek() == '\\' ? 2 : 1);
    skip(1);
    while (continues_name(peek())) skip(1);  // "x"s, 'c'_u
    tokens_.push_back({Token::Kind::literal, "\"\"", line});
  }

  void raw() {
    int line = line_;
    std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) open = text_.size() - 1;
    std::string close = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    skip_to(close, close.size());
    tokens_.push_back({Token::Kind::literal, "\"\"", line});
  }

  void symbol() {
    static constexpr std::array<std::string_view, 8> pairs = {"::", "->", "&&", "||", "==", "!=", "<=", ">="};
    bool pair = std::find(pairs.begin(), pairs.end(), text_.substr(at_, 2)) != pairs.end();
    std::size_t length = pair ? 2 : 1;
    tokens_.push_back({Token::Kind::symbol, std::string(text_.substr(at_, length)), line_});
    skip(length);
  }

  void directive() {
    while (at_ < text_.size() && peek() != '\n') skip(peek() == '\\' ? 2 : 1);
  }

  void skip(std::size_t count) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
      if (text_[at_] == '\n') ++line_;
    }
  }

  void skip_to(std::string_view end, std::size_t beyond) {
    std::size_t found = text_.find(end, at_);
    skip(found == std::string_view::npos ? text_.size() - at_ : found - at_ + beyond);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool fresh_line_ = true;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace style
