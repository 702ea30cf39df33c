#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace style {

/// A C++ token; comments and preprocessor lines are gone, string and character literals read as "".
struct Token {
  enum class Kind { name, literal, symbol };
  Kind kind;
  std::string text;
  int line;

  [[nodiscard]] bool is(std::string_view other) const { return text == other; }
  [[nodiscard]] bool is_name() const { return kind == Kind::name; }
};

/// Symbols are one character each but for :: -> && || == != <= >=.
std::vector<Token> tokenize(std::string_view text);

}  // namespace style
