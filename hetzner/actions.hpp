#pragma once
#include <memory>
#include <vector>

#include "hetzner/api.hpp"
#include "hetzner/types.hpp"

namespace hetzner {

struct PollOptions {
  net::Duration first = std::chrono::seconds(1);  ///< [limits] poll_actions; ×1.5 a poll up to 5 × first
  int ids_per_call = 25;
};

/// When to look again at what takes its time: after `first`, then half as long again, up to 5 × `first`.
class PollPace {
 public:
  explicit PollPace(net::Duration first) : first_(first), next_(first) {}
  net::Duration next();
  void reset() { next_ = first_; }

 private:
  net::Duration first_;
  net::Duration next_;
};

/// One waiter for all running actions of all operations: one GET /actions?id=…&id=… for up to 25 ids.
/// Polls only while somebody waits; a new id brings the next poll to `first` from now.
class Actions {
 public:
  Actions(net::Executor executor, Api& api, net::Clock& clock, PollOptions options = {});
  ~Actions();
  /// Until all have status success. Throws ActionFailed at the first that has not (code "unknown_action"
  /// when the API does not know it), and what Api throws when the poll itself fails. Waiting may be
  /// cancelled; the poll of the others goes on.
  net::awaitable<void> until_done(std::vector<ActionId> ids);
  [[nodiscard]] const PollOptions& options() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hetzner
