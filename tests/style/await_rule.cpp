#include "tests/style/await_rule.hpp"

#include <algorithm>
#include <array>

#include "tests/style/tokens.hpp"

namespace style {
namespace {

using Tokens = std::vector<Token>;

/// Calls whose results are references or have no destructor worth the name, so that gcc 12 cannot hurt them.
constexpr std::array<std::string_view, 12> plain_calls = {"std::move",
                                                          "std::ref",
                                                          "std::cref",
                                                          "std::chrono::milliseconds",
                                                          "std::chrono::seconds",
                                                          "std::chrono::minutes",
                                                          "std::chrono::hours",
                                                          "asio::buffer",
                                                          "asio::redirect_error",
                                                          "asio::as_tuple",
                                                          "asio::bind_executor",
                                                          "asio::cancel_after"};

struct Offended {
  std::string why;
};

std::size_t closing(const Tokens& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.is("(") || token.is("[") || token.is("{")) ++depth;
    if (token.is(")") || token.is("]") || token.is("}")) --depth;
    if (depth == 0) return i;
  }
  return tokens.size() - 1;
}

std::size_t opening(const Tokens& tokens, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    const Token& token = tokens[i];
    if (token.is(")") || token.is("]") || token.is("}")) ++depth;
    if (token.is("(") || token.is("[") || token.is("{")) --depth;
    if (depth == 0) return i;
  }
  return 0;
}

/// Parses what stands behind a co_await; throws Offended at the first thing that the rule does not allow.
class Call {
 public:
  Call(const Tokens& tokens, std::size_t at) : tokens_(tokens), at_(at) {}

  void parse() {
    if (is("co_await")) throw Offended{"two co_awaits in one statement"};
    if (is("(")) {
      if (!is("*", 1)) throw Offended{"what is awaited is not one call"};
      take_pointer();
      if (!is("(")) throw Offended{"what is awaited is not one call"};
      arguments();
    } else {
      chain(true);
    }
    if (!is(";"))
      throw Offended{"the result of co_await is used in a larger expression (\"" + text() + "\")"};
  }

 private:
  [[nodiscard]] const Token& token(std::size_t ahead = 0) const {
    static const Token end{Token::Kind::symbol, "end of file", 0};
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : end;
  }
  [[nodiscard]] bool is(std::string_view text, std::size_t ahead = 0) const { return token(ahead).is(text); }
  [[nodiscard]] const std::string& text() const { return token().text; }

  void take_pointer() {
    at_ += 2;
    std::string name = chain(false);
    if (!is(")")) throw Offended{"only a name is dereferenced in an awaited call"};
    ++at_;
  }

  /// `a::b.c->d()`: returns its text. Accessors take no arguments; the last call may, when `call` says so.
  std::string chain(bool call) {
    std::string name;
    if (is("::")) ++at_;
    while (true) {
      if (!token().is_name())
        throw Offended{"\"" + text() + "\" in an awaited expression, where a name is allowed"};
      name += text();
      ++at_;
      if (is("<")) template_arguments();
      if (is("[")) index();
      if (is("{")) throw Offended{"an aggregate temporary, " + name + "{…}, in an awaited expression"};
      if (is("(")) {
        bool accessor = is(")", 1);
        if (accessor) {
          at_ += 2;
        } else if (call || is_plain(name)) {
          arguments();
          return name;
        } else {
          throw Offended{"the argument " + name + "(…) is a call: give its result a name"};
        }
      }
      if (!is("::") && !is(".") && !is("->")) return name;
      name += text();
      ++at_;
    }
  }

  void index() {
    ++at_;
    argument();
    if (!is("]")) throw Offended{"an index that is not a name or a literal in an awaited expression"};
    ++at_;
  }

  /// Skips `<…>` where it can only be a template's: closed, and followed by `(`, `::` or `{`.
  void template_arguments() {
    int depth = 0;
    for (std::size_t i = at_; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (token.is("<")) ++depth;
      if (token.is(">") && --depth == 0) {
        at_ = i + 1;
        return;
      }
      if (token.is(";") || token.is("(") || token.is("{")) return;
    }
  }

  static bool is_plain(std::string_view name) {
    if (name.starts_with("boost::asio::")) name.remove_prefix(std::string_view("boost::").size());
    return std::find(plain_calls.begin(), plain_calls.end(), name) != plain_calls.end();
  }

  void arguments() {
    ++at_;
    if (is(")")) {
      ++at_;
      return;
    }
    while (true) {
      argument();
      if (is(")")) break;
      if (!is(",")) throw Offended{"an argument is an expression (\"" + text() + "\"): give it a name"};
      ++at_;
    }
    ++at_;
  }

  void argument() {
    if (is("co_await")) throw Offended{"co_await inside the arguments of a call"};
    if (is("{")) throw Offended{"a braced temporary in the arguments"};
    if (is("[")) return lambda();
    if (is("*") || is("&") || is("-") || is("!")) ++at_;
    if (token().kind == Token::Kind::literal) {
      while (token().kind == Token::Kind::literal) ++at_;
      if (is(".")) throw Offended{"an argument is an expression: give it a name"};
      return;
    }
    chain(false);
  }

  void lambda() {
    bool by_reference = is("]", 1) || (is("&", 1) && is("]", 2));
    if (!by_reference) throw Offended{"a lambda that does not capture by [&] in the arguments"};
    at_ = closing(tokens_, at_) + 1;
    if (is("(")) at_ = closing(tokens_, at_) + 1;
    while (!is("{") && !is(";") && at_ < tokens_.size()) ++at_;
    if (!is("{")) throw Offended{"a lambda without a body"};
    at_ = closing(tokens_, at_) + 1;
  }

  const Tokens& tokens_;
  std::size_t at_;
};

bool is_header(const Tokens& tokens, std::size_t open) {
  if (open == 0) return false;
  const Token& before = tokens[open - 1];
  return before.is("if") || before.is("for") || before.is("while") || before.is("switch") ||
         before.is("constexpr");
}

/// The first token of the statement that has a co_await at `at`.
std::size_t statement_start(const Tokens& tokens, std::size_t at) {
  std::size_t i = at;
  while (i > 0) {
    const Token& before = tokens[i - 1];
    if (before.is(";") || before.is("{") || before.is("}") || before.is("else") || before.is("do")) break;
    if (before.is("(")) {
      if (is_header(tokens, i - 1)) throw Offended{"co_await in the head of a control statement"};
      throw Offended{"co_await inside the arguments of a call or in parentheses"};
    }
    if (before.is("[")) throw Offended{"co_await inside an index"};
    if (before.is("?")) throw Offended{"a ternary around co_await"};
    if (before.is(":")) {
      for (std::size_t k = i - 2; k > 0 && !tokens[k].is(";") && !tokens[k].is("{"); --k) {
        if (tokens[k].is("}")) k = opening(tokens, k);
        if (tokens[k].is("?")) throw Offended{"a ternary around co_await"};
        if (is_header(tokens, k)) throw Offended{"co_await in the head of a control statement"};
      }
      break;
    }
    if (before.is(")") || before.is("]")) {
      std::size_t open = opening(tokens, i - 1);
      if (before.is(")") && is_header(tokens, open)) break;
      i = open;
      continue;
    }
    --i;
  }
  return i;
}

/// What stands before the co_await: nothing, co_return, or one name with its type that is assigned to.
void check_prefix(const Tokens& tokens, std::size_t start, std::size_t at) {
  if (start + 1 < at && tokens[start].is("[") && tokens[start + 1].is("["))
    start = closing(tokens, start) + 1;
  if (start == at) return;
  if (tokens[start].is("co_return") && start + 1 == at) return;
  if (!tokens[at - 1].is("=")) {
    throw Offended{"\"" + tokens[at - 1].text +
                   "\" before co_await: its result goes into one named variable"};
  }
  for (std::size_t i = start; i + 1 < at; ++i) {
    const Token& token = tokens[i];
    bool declares = tokens[start].is("auto") || tokens[start].is("const");
    if (token.is("[") && declares) throw Offended{"a structured binding from co_await"};
    bool type_or_name = token.is_name() || token.is("::") || token.is("<") || token.is(">") ||
                        token.is(",") || token.is("&") || token.is("&&") || token.is("*") || token.is(".") ||
                        token.is("->");
    if (!type_or_name || (i == start && !token.is_name())) {
      throw Offended{"\"" + token.text + "\" before co_await: its result goes into one named variable"};
    }
  }
}

/// Whether each token stands inside a catch block.
std::vector<bool> caught(const Tokens& tokens) {
  std::vector<bool> inside(tokens.size(), false);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].is("catch") || !tokens[i + 1].is("(")) continue;
    std::size_t open = closing(tokens, i + 1) + 1;
    if (open >= tokens.size() || !tokens[open].is("{")) continue;
    std::fill(inside.begin() + static_cast<std::ptrdiff_t>(open),
              inside.begin() + static_cast<std::ptrdiff_t>(closing(tokens, open)), true);
  }
  return inside;
}

}  // namespace

std::vector<Offence> find_await_offences(std::string_view text) {
  Tokens tokens = tokenize(text);
  std::vector<bool> in_catch = caught(tokens);
  std::vector<Offence> offences;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (!tokens[at].is("co_await")) continue;
    try {
      if (in_catch[at]) throw Offended{"co_await inside a catch block"};
      check_prefix(tokens, statement_start(tokens, at), at);
      Call(tokens, at + 1).parse();
    } catch (const Offended& offended) {
      offences.push_back({tokens[at].line, offended.why});
    }
  }
  return offences;
}

}  // namespace style
