#include "commands/eta.hpp"

#include <algorithm>
#include <vector>

#include "commands/times.hpp"

namespace commands {
namespace {

constexpr int looked_at = 9;

/// From the end of the step before `step` to the end of the operation.
std::optional<net::Duration> rest_of(storage::Journal& journal, const storage::OperationRow& operation,
                                     const std::string& step) {
  auto before = operation.created;
  for (const auto& [name, at] : journal.step_times(operation.id)) {
    if (name == step) return *operation.finished - before;
    before = at;
  }
  return std::nullopt;
}

}  // namespace

std::optional<net::Duration> remaining(storage::Journal& journal, const std::string& verb,
                                       const std::string& step) {
  std::vector<net::Duration> rests;
  for (const auto& operation : journal.recent(verb, looked_at)) {
    const auto rest = rest_of(journal, operation, step);
    if (rest) rests.push_back(*rest);
  }
  if (rests.empty()) return std::nullopt;
  std::sort(rests.begin(), rests.end());
  return rests[rests.size() / 2];
}

std::string progress_text(storage::Journal& journal, const std::string& verb, const std::string& step) {
  const auto rest = remaining(journal, verb, step);
  return step +
         (rest ? ", about " + span_text(std::max<net::Duration>(*rest, std::chrono::seconds(1))) + " left"
               : "");
}

}  // namespace commands
