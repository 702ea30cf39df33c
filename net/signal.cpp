#include "net/signal.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <functional>

namespace net {
namespace asio = boost::asio;

/// Waiters outlive the Signal: each holds the state. The timer never expires; cancelling it wakes all,
/// and the generation tells a wake from a cancelled coroutine.
struct Signal::State {
  explicit State(const Executor& executor) : timer(executor, asio::steady_timer::time_point::max()) {}
  void wake() {
    ++generation;
    timer.cancel();
  }
  static awaitable<void> wait(std::shared_ptr<State> state, std::uint64_t seen);
  static awaitable<void> wait_until(std::shared_ptr<State> state, std::uint64_t seen, Clock& clock,
                                    Time until);

  asio::steady_timer timer;
  std::uint64_t generation = 0;
};

awaitable<void> Signal::State::wait(std::shared_ptr<State> state, std::uint64_t seen) {
  if (state->generation != seen) co_return;
  boost::system::error_code ec;
  auto token = asio::redirect_error(asio::use_awaitable, ec);
  co_await state->timer.async_wait(token);
  if (state->generation == seen) throw boost::system::system_error(asio::error::operation_aborted);
}

/// The alarm is a coroutine of its own, ended when its waiter ends, however that ends. When the
/// io_context is destroyed the coroutine may go first: then there is nothing left to stop.
class Alarm {
 public:
  Alarm(const Executor& executor, awaitable<void> sleep, std::function<void()> ring)
      : stop_(std::make_shared<asio::cancellation_signal>()) {
    auto ringing = std::make_shared<std::function<void()>>(std::move(ring));
    ring_ = ringing;
    auto ended = [stop = stop_, ringing](const std::exception_ptr& failure) {
      if (!failure) (*ringing)();
    };
    asio::co_spawn(executor, std::move(sleep), asio::bind_cancellation_slot(stop_->slot(), std::move(ended)));
  }
  ~Alarm() {
    if (!ring_.expired()) stop_->emit(asio::cancellation_type::terminal);
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  std::shared_ptr<asio::cancellation_signal> stop_;
  std::weak_ptr<std::function<void()>> ring_;
};

awaitable<void> Signal::State::wait_until(std::shared_ptr<State> state, std::uint64_t seen, Clock& clock,
                                          Time until) {
  if (clock.now() >= until) co_return;
  const Alarm alarm(state->timer.get_executor(), clock.sleep_until(until), [state] { state->wake(); });
  co_await wait(state, seen);
}

Signal::Signal(Executor executor) : state_(std::make_shared<State>(executor)) {}
awaitable<void> Signal::wait() { return State::wait(state_, state_->generation); }
awaitable<void> Signal::wait_until(Clock& clock, Time until) {
  return State::wait_until(state_, state_->generation, clock, until);
}
void Signal::notify() { state_->wake(); }

}  // namespace net
