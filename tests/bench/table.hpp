#pragma once
#include <string>
#include <vector>

namespace bench {

/// What is printed, a line a row. Only counts are tests; what depends on the machine has a goal beside it.
class Table {
 public:
  explicit Table(const std::string& head);

  void row(const std::string& name, const std::string& figure, const std::string& goal = "");
  /// A count, which must be this.
  void count(const std::string& name, int found, int wanted);
  /// It could not be measured.
  void failed(const std::string& name, const std::string& why);
  /// "N passed, N failed, N skipped"; 0 when none failed.
  [[nodiscard]] int end() const;

 private:
  int passed_ = 0;
  int failed_ = 0;
};

/// "3.1 ms (p95 4.0 ms)" of times in milliseconds; the rest is a percentage.
std::string median_and(int rest, std::vector<double> times);

}  // namespace bench
