#include <algorithm>
#include <array>
#include <cctype>

#include "tests/catch.hpp"
#include "tests/style/offence.hpp"
#include "tests/style/tokens.hpp"
#include "tests/style/tree.hpp"

using namespace style;

namespace {

constexpr std::array<std::string_view, 10> empty_words = {"manager", "helper", "helpers", "util", "utils",
                                                          "impl",    "base",   "data",    "info", "handler"};
/// Names of others: Hetzner's user-data, and the one callback a server is made of.
constexpr std::array<std::string_view, 3> terms = {"UserData", "user_data", "Handler"};

/// "FooBar" and "foo_bar.cpp" → foo, bar: lower-case words.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (char c : name) {
    auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte) || !std::isalnum(byte)) words.emplace_back();
    if (std::isalnum(byte)) words.back() += static_cast<char>(std::tolower(byte));
  }
  return words;
}

bool says_nothing(std::string_view name) {
  if (std::find(terms.begin(), terms.end(), name) != terms.end()) return false;
  auto words = words_of(name);
  return std::find_first_of(words.begin(), words.end(), empty_words.begin(), empty_words.end()) !=
         words.end();
}

std::vector<Token> type_names(std::string_view text) {
  std::vector<Token> names;
  auto tokens = tokenize(text);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token& word = tokens[i];
    bool declares =
        word.is("class") || word.is("struct") || word.is("enum") || word.is("concept") || word.is("using");
    bool named = tokens[i + 1].is_name() && !tokens[i + 1].is("class") && !tokens[i + 1].is("namespace");
    if (declares && named) names.push_back(tokens[i + 1]);
  }
  return names;
}

bool has_word(std::string_view text, std::string_view word) {
  auto letter = [&](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a word that says nothing is found inside a name, and only as a whole word") {
  CHECK(says_nothing("ConnectionManager"));
  CHECK(says_nothing("http_helper"));
  CHECK(says_nothing("DataSet"));
  CHECK_FALSE(says_nothing("Database"));
  CHECK_FALSE(says_nothing("UserData"));
  REQUIRE(type_names("enum class Kind {}; struct FooImpl; using X = int;").size() == 3);
  CHECK(
      has_word("// XX"
               "X: later",
               "XX"
               "X"));
  CHECK_FALSE(
      has_word("mktemp x.XX"
               "XXXX",
               "XX"
               "X"));
}

TEST_CASE("type and file names say what a thing is") {
  for (const auto& file : sources()) {
    std::string name = file.path.substr(file.path.rfind('/') + 1);
    if (says_nothing(name.substr(0, name.rfind('.')))) offence(file.path + ": the file's name says nothing");
    for (const auto& type : type_names(file.text)) {
      if (says_nothing(type.text))
        offence(file.path + ":" + std::to_string(type.line) + ": type " + type.text);
    }
  }
}

TEST_CASE("nothing is left for later and nothing names a build machine") {
  // Written in halves so that this file does not hold them.
  const std::array<std::string, 3> later = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X"};
  const std::array<std::string, 6> places = {
      "/wo"
      "rk/",
      "/ro"
      "ot/",
      "deb.debian"
      ".org",
      "security.debian"
      ".org",
      "snapshot.debian"
      ".org",
      "archive.ubuntu"
      ".com"};
  for (const auto& file : tree()) {
    for (const auto& word : later) {
      if (has_word(file.text, word)) offence(file.path + " has a " + word);
    }
    for (const auto& place : places) {
      if (file.text.find(place) != std::string::npos) offence(file.path + " names " + place);
    }
  }
}
