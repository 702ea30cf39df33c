#pragma once
#include <memory>

#include "net/awaitable.hpp"
#include "net/clock.hpp"

namespace net {

/// A condition variable for coroutines of one thread: `wait` returns after the next `notify`,
/// `wait_until` also at `until`. Callers test their condition in a loop, for any waiter may wake early.
class Signal {
 public:
  explicit Signal(Executor executor);
  awaitable<void> wait();
  awaitable<void> wait_until(Clock& clock, Time until);
  void notify();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
