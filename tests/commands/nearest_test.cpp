#include "commands/nearest.hpp"

#include <array>

#include "tests/catch.hpp"

using commands::looks_like_type;
using commands::nearest;

namespace {
constexpr std::array<std::string_view, 8> verbs = {"up",   "down",  "status", "extend",
                                                   "cost", "types", "key",    "yes"};
}

TEST_CASE("the nearest word is at most two edits away and shares more than half") {
  struct Row {
    std::string word;
    std::optional<std::string> found;
  };
  const Row rows[] = {
      {"up", "up"},          {"statsu", "status"},   {"sttaus", "status"},      {"satus", "status"},
      {"statuss", "status"}, {"stauts", "status"},   {"dwon", "down"},          {"donw", "down"},
      {"DWON", "down"},      {"tyeps", "types"},     {"extned", "extend"},      {"costs", "cost"},
      {"yse", "yes"},        {"kye", "key"},         {"stus", std::nullopt},    {"upp", "up"},
      {"pu", std::nullopt},  {"x", std::nullopt},    {"", std::nullopt},        {"delete", std::nullopt},
      {"ex", std::nullopt},  {"stop", std::nullopt}, {"destroy", std::nullopt},
  };
  for (const auto& row : rows) {
    INFO(row.word);
    CHECK(nearest(row.word, verbs) == row.found);
  }
  CHECK(nearest(std::string(100'000, 'u'), verbs) == std::nullopt);
  CHECK(nearest("up", {}) == std::nullopt);
}

TEST_CASE("of words that are equally near the one that begins alike longest is taken, then the first") {
  constexpr std::array<std::string_view, 3> types = {"cpx31", "cpx32", "cpx41"};
  CHECK(nearest("cpx3", types) == "cpx31");
  CHECK(nearest("cpx42", types) == "cpx41");
  constexpr std::array<std::string_view, 3> others = {"ccx33", "cpx12", "cpx32"};
  CHECK(nearest("cpx33", others) == "cpx32");
  CHECK(nearest("cpx41", types) == "cpx41");
}

TEST_CASE("a word that is a type or nearly one is no name") {
  for (const std::string word :
       {"cpx32", "CPX32", "CX-22", "cx22", "cx_22", "ccx3",   "cpx3", "cax11",  "cpx",   "ccx",      "cx",
        "cpz32", "cxp32", "cp32",  "px32", "cpx3l", "cpxx32", "xc22", "cpx320", "ccx63", "c-p-x-3-2"}) {
    INFO(word);
    CHECK(looks_like_type(word));
  }
  for (const std::string word :
       {"",          "main",      "dev",     "web1",  "alice",     "cat",  "cat1", "cpu1",
        "c",         "c1",        "32",      "api2",  "cx-server", "ci",   "ci22", "db11",
        "cpx-alice", "cpx32-web", "cpx3200", "box32", "fsn1",      "nbg1", "3h"}) {
    INFO(word);
    CHECK_FALSE(looks_like_type(word));
  }
}
