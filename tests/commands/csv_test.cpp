#include "commands/export_audit.hpp"
#include "tests/catch.hpp"

using commands::csv_cell;

TEST_CASE("a cell of CSV is quoted, and is no formula") {
  CHECK(csv_cell("up cpx32, now") == "\"up cpx32, now\"");
  CHECK(csv_cell("say \"yes\"\nnow") == "\"say \"\"yes\"\"\nnow\"");
  CHECK(csv_cell("") == "\"\"");
  for (const std::string start : {"=", "+", "-", "@", "\t", "\r"})
    CHECK(csv_cell(start + "SUM(A1)") == "\"'" + start + "SUM(A1)\"");
}
