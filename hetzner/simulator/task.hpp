#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <string>

#include "net/awaitable.hpp"

namespace hetzner::simulator {

/// A background task that ends with its owner: destroying or `stop` cancels what it waits for. What the
/// task uses must be shared with it, for a cancelled task runs a little longer than its owner.
class Task {
 public:
  Task() = default;
  Task(net::Executor executor, const std::string& name, net::awaitable<void> body);
  ~Task() { stop(); }
  Task(Task&& other) noexcept = default;
  Task& operator=(Task&& other) noexcept;
  void stop();
  [[nodiscard]] bool has_ended() const { return link_.expired(); }

 private:
  struct Link;
  static net::awaitable<void> guard(std::shared_ptr<Link> link, net::awaitable<void> body);
  std::weak_ptr<Link> link_;  ///< expired when the task has ended
};

}  // namespace hetzner::simulator
