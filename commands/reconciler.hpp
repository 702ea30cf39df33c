#pragma once
#include <set>
#include <string>
#include <vector>

#include "commands/findings.hpp"
#include "commands/services.hpp"

namespace commands {

/// Compares the project with the database, at start and every [limits] reconcile: the API is the truth, the
/// database the intent. Tells owners what was done outside of the bot, once for as long as it lasts; protects
/// what we made from deletion; deletes only a server that an operation of ours provably made and lost. Takes
/// at most a twentieth of the project's requests, and none while they run low or Hetzner is silent.
class Reconciler {
 public:
  explicit Reconciler(Services& world);

  /// Runs for the life of the process.
  net::awaitable<void> run();
  /// One comparison. Throws what the lists throw.
  net::awaitable<void> pass();

 private:
  net::awaitable<void> try_to_apply(const Finding& finding);
  net::awaitable<void> apply(const Finding& finding);
  net::awaitable<void> apply_server_gone(const Finding& finding);
  net::awaitable<void> apply_volume_gone(const Finding& finding);
  net::awaitable<void> apply_address_gone(const Finding& finding);
  net::awaitable<void> delete_lost(hetzner::ServerId id);
  void add_lost_session(const storage::OperationRow& operation, const hetzner::Server& server);
  net::awaitable<void> tell_watchers();
  /// Whether nothing has begun for this workspace since it was looked at.
  [[nodiscard]] bool is_still(std::int64_t workspace);
  void say(std::int64_t workspace, const std::string& key, const std::string& text);
  void tell(const std::vector<Finding>& findings, const std::set<std::int64_t>& busy);
  [[nodiscard]] net::Duration until_affordable();

  Services& world_;
  double allowance_;  ///< requests that may be used now
  net::Time allowance_at_;
  int last_pass_ = 3;           ///< requests of the last one
  std::set<std::string> seen_;  ///< findings of the last one
};

}  // namespace commands
