#pragma once
#include "commands/runner.hpp"
#include "commands/services.hpp"

namespace bot {

/// Begins what was put off, when its deadline has come: after an outage at once, and one that was begun
/// before a crash only once, by its origin. A deadline whose server is gone begins nothing.
class Scheduler {
 public:
  Scheduler(commands::Services& world, commands::Runner& runner) : world_(world), runner_(runner) {}

  /// Sleeps until the next deadline, or until `world.changed` tells of an earlier one; runs for the life of
  /// the process.
  net::awaitable<void> run();

 private:
  void begin_due();
  void begin(const storage::DeadlineRow& deadline);

  commands::Services& world_;
  commands::Runner& runner_;
};

}  // namespace bot
