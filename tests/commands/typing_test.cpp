#include "commands/typing.hpp"

#include "tests/catch.hpp"

using commands::plain_typing;

namespace {
struct Row {
  std::string typed, plain;
};

template <std::size_t N>
void check(const Row (&rows)[N]) {
  for (const auto& row : rows) {
    INFO(row.typed);
    CHECK(plain_typing(row.typed) == row.plain);
  }
}
}  // namespace

TEST_CASE("quotes, spaces and dashes of a phone are those of a keyboard") {
  const Row rows[] = {
      {"request “big build”", "request \"big build\""},
      {"request „big build“", "request \"big build\""},
      {"request «big build»", "request \"big build\""},
      {"request ‘big build’", "request 'big build'"},
      {"don’t", "don't"},
      {"up\u00A0cpx32\u202Fweb\u3000x\ty", "up cpx32 web x y"},
      {"up —plan", "up --plan"},
      {"up –plan", "up --plan"},
      {"up ——plan", "up --plan"},
      {"—plan up", "--plan up"},
      {"up --plan", "up --plan"},
      {"schedule 9–18 mon—fri", "schedule 9-18 mon-fri"},
      {"schedule 9\u201118 mon\u2212fri", "schedule 9-18 mon-fri"},
      {"ｕｐ　ｃｐｘ３２", "up cpx32"},
      {"up cpx\u200B32\uFEFF", "up cpx32"},
      {"\u202Eup\u2066 \x1b[31mcpx32", "up [31mcpx32"},
      {"up żółw", "up żółw"},
      {"a  b", "a  b"},
  };
  check(rows);
}

TEST_CASE("back-ticks go, except inside quotes") {
  const Row rows[] = {
      {"`!devbox up`", "!devbox up"},
      {"up `cpx32` `web`", "up cpx32 web"},
      {"```\n!devbox up\n```", "!devbox up"},
      {"`up` —plan", "up --plan"},
      {"request \"`make`\"", "request \"`make`\""},
      {"`—plan`", "--plan"},
  };
  check(rows);
}

TEST_CASE("a link that the chat made is what was typed") {
  const Row rows[] = {
      {"up image=<http://x.io|x.io>", "up image=x.io"},
      {"up <http://x.io>", "up http://x.io"},
      {"key add <mailto:a@b.c|a@b.c>", "key add a@b.c"},
      {"call <tel:1830|18:30> now", "call 18:30 now"},
      {"up [x.io](http://x.io) web", "up x.io web"},
      {"up [x.io](HTTPS://x.io)", "up x.io"},
      {"status <@U12|bob>", "status @U12"},
      {"status <@U12>", "status @U12"},
      {"status [Bob](https://matrix.to/#/@bob:hs.io)", "status @bob:hs.io"},
      {"status <https://matrix.to/#/@bob:hs.io?via=hs.io|Bob>", "status @bob:hs.io"},
      {"delete <name>", "delete <name>"},
      {"a [b](c) [d] <e", "a [b](c) [d] <e"},
      {"[[x](http://x)", "[x"},
      {"[x](http://x", "[x](http://x"},
      {"<>", "<>"},
      {"<@>", "<@>"},
  };
  check(rows);
}

TEST_CASE("the first line that holds anything counts, without its trailing punctuation") {
  const Row rows[] = {
      {"up.", "up"},
      {"status?!", "status"},
      {"keep until 18:00.", "keep until 18:00"},
      {"up cpx32, please …", "up cpx32, please"},
      {"why。", "why"},
      {"request \"why?\"", "request \"why?\""},
      {"request \"why?\".", "request \"why?\""},
      {"key add AAAA==", "key add AAAA=="},
      {"\r\n  up cpx32\r\nand more", "up cpx32"},
      {"...\n\u2028up", "up"},
      {"up\u2028down", "up"},
      {"  ", ""},
      {"", ""},
      {"?!", ""},
  };
  check(rows);
}

TEST_CASE("bytes that are no text stay for the grammar to refuse") {
  CHECK(plain_typing("up \xFF\xC3") == "up \xFF\xC3");
  CHECK(plain_typing(std::string_view("up\0x", 4)) == std::string_view("up\0x", 4));
  CHECK(plain_typing("up\xE2\x80") == "up\xE2\x80");
}

TEST_CASE("long lines of brackets take no long time") {
  const std::string angles(100'000, '<');
  const std::string brackets(100'000, '[');
  CHECK(plain_typing(angles) == angles);
  CHECK(plain_typing(brackets + "x](http://x)").ends_with("[x"));
}
