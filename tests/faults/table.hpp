#pragma once
#include <string>
#include <vector>

namespace faults {

struct Total {
  int passed = 0;
  int failed = 0;
  int skipped = 0;  ///< the fault did not happen
  int harm = 0;     ///< orphans, duplicates, lost and doubled messages
  Total& operator+=(const Total& other);
};

/// One line of the table: many runs of the same kind.
struct Row {
  std::string name;
  int boundaries = 0;
  double clean_seconds = 0;
  double seconds = 0;
  std::vector<std::string> runs;         ///< what each was: "fault 3, POST /v1/servers #1: held"
  std::vector<std::string> directories;  ///< of each
  std::vector<std::string> said;         ///< its verdict as JSON, or how the driver failed
  bool most_must_happen = true;          ///< one in ten faults may not
};

void print_columns();
/// Prints the row and, below it, what failed. Of those that failed some keep their directory; with `quietly`
/// none does, and nobody is told why.
Total print(const Row& row, bool quietly);

}  // namespace faults
