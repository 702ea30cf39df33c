#pragma once
#include <map>
#include <vector>

#include "hetzner/api.hpp"
#include "hetzner/types.hpp"
#include "net/signal.hpp"

namespace hetzner {

struct PollOptions {
  net::Duration first = std::chrono::seconds(1);  ///< [limits] poll_actions; ×1.5 a poll up to 5 × first
  int ids_per_call = 25;
};

/// One waiter for all running actions of all operations: one GET /actions?id=…&id=… for up to 25 ids.
/// Polls only while somebody waits.
class Actions {
 public:
  Actions(net::Executor executor, Api& api, net::Clock& clock, PollOptions options = {});
  /// Until all have status success; throws ActionFailed at the first that has not. Waiting may be
  /// cancelled; the poll of the others goes on.
  net::awaitable<void> until_done(std::vector<ActionId> ids);

 private:
  net::awaitable<void> poll();
  net::Executor executor_;
  Api& api_;
  net::Clock& clock_;
  PollOptions options_;
  net::Signal changed_;
  struct Watched {
    int waiters = 0;
    Action last;
  };
  std::map<ActionId, Watched> watched_;
  bool polling_ = false;
};

}  // namespace hetzner
