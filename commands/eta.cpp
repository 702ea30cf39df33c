#include "commands/eta.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "commands/times.hpp"

namespace commands {
namespace {

constexpr int looked_at = 9;
/// Fewer are no ground for an estimate, only for what the last one took.
constexpr std::size_t enough = 3;

using StepTimes = std::vector<std::pair<std::string, storage::Time>>;

/// An `up` that found it running tells nothing of one that has everything before it.
bool has_worked(const StepTimes& times) { return times.size() > 1; }

/// From the end of the step before `step` to the end of the operation.
std::optional<net::Duration> rest_of(storage::Journal& journal, const storage::OperationRow& operation,
                                     const std::string& step) {
  const auto times = journal.step_times(operation.id);
  if (!has_worked(times)) return std::nullopt;
  auto before = operation.created;
  for (const auto& [name, at] : times) {
    if (name == step) return *operation.finished - before;
    before = at;
  }
  return std::nullopt;
}

/// Of the last ones, newest first.
std::vector<net::Duration> rests_of(storage::Journal& journal, const std::string& verb,
                                    const std::string& step) {
  std::vector<net::Duration> rests;
  for (const auto& operation : journal.recent(verb, looked_at)) {
    const auto rest = rest_of(journal, operation, step);
    if (rest) rests.push_back(std::max<net::Duration>(*rest, std::chrono::seconds(1)));
  }
  return rests;
}

}  // namespace

std::string progress_text(storage::Journal& journal, const std::string& verb, const std::string& step) {
  auto rests = rests_of(journal, verb, step);
  if (rests.empty()) return step;
  if (rests.size() < enough) return step + ", last time " + span_text(rests.front()) + " from here";
  std::sort(rests.begin(), rests.end());
  return step + ", about " + span_text(rests[rests.size() / 2]) + " left";
}

std::vector<net::Duration> lengths_of(storage::Journal& journal, const std::string& verb, int limit) {
  std::vector<net::Duration> lengths;
  for (const auto& operation : journal.recent(verb, limit))
    if (has_worked(journal.step_times(operation.id)))
      lengths.push_back(std::max<net::Duration>(*operation.finished - operation.created, net::Duration(0)));
  return lengths;
}

}  // namespace commands
