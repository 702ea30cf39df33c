#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "commands/operation.hpp"
#include "commands/services.hpp"

namespace commands {

/// Runs operations to their end: one a workspace, the next when it has ended. Start-up is recovery: every
/// unfinished operation goes on after its last finished step, and one that was being undone is undone.
class Runner {
 public:
  explicit Runner(Services& world) : world_(world) {}
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Takes up what a process before this one has left.
  void recover();
  /// Its row has been committed; it runs when nothing older of its workspace does.
  void start(const std::string& id);

  std::function<void(const std::string& id)> on_pause = [](const auto&) {
  };  ///< it has ended, or asks something

 private:
  void start_next(std::int64_t workspace, bool is_recovery);
  void begin(const storage::OperationRow& operation, bool is_recovery);
  net::awaitable<void> run(std::string id, bool resumed);
  net::awaitable<void> perform(Operation& op);
  net::awaitable<void> undo(Operation& op);
  void conclude(Operation& op);

  Services& world_;
  std::set<std::string> running_;
};

}  // namespace commands
