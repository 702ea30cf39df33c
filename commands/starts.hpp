#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands/runner.hpp"
#include "commands/working_hours.hpp"

namespace commands {

/// The start that comes next by a workspace's working hours: `at` is so long before they begin as an `up` of
/// this project takes, and not after now when it is due.
struct NextStart {
  net::Time at;
  Shift shift;
};

/// How long before the hours a start begins: what nine of ten of the last `up`s took, in whole minutes.
net::Duration lead_of(storage::Journal& journal);

/// As things are now; nullopt = none comes. Hours that are over or nearly so, in which it was up, was started
/// or was taken down by somebody, have had their start.
std::optional<NextStart> next_start(Services& world, const storage::WorkspaceRow& workspace);

/// What is said of an `up` that working hours have begun, a line more; "" of any other.
std::string why_it_starts(Services& world, const storage::OperationRow& operation);

/// Starts workspaces by their working hours: once for each stretch of them, and after an outage only where it
/// is still of use, one after the other. What was begun is in the journal, so another process goes on.
class Starts {
 public:
  Starts(Services& world, Runner& runner) : world_(world), runner_(runner) {}
  Starts(const Starts&) = delete;
  Starts& operator=(const Starts&) = delete;

  /// Begins what is due. Returns when it is to be called again; also when a schedule was changed
  /// (Services::changed). nullopt = nothing is scheduled.
  std::optional<net::Time> begin_due();

 private:
  /// One workspace's hours, and the next ones that have not had their start.
  struct Known {
    std::string text;  ///< as stored
    std::optional<WorkingHours> hours;
    std::optional<Shift> shift;
    bool is_late = false;  ///< waits for its turn
    net::Time not_before;  ///< something stood in the way; then it is looked at again
  };
  using Entry = std::map<std::int64_t, Known>::value_type;

  void learn();
  std::optional<net::Time> begin_late(std::vector<Entry*> late, net::Duration lead);
  std::optional<net::Time> due(const Known& known, net::Duration lead) const;
  bool may_begin(Entry& entry, net::Duration lead);
  void begin(Entry& entry);

  Services& world_;
  Runner& runner_;
  std::map<std::int64_t, Known> known_;
  net::Time looked_at_;
  net::Time next_late_;  ///< no start that is late before then
};

}  // namespace commands
