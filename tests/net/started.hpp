#pragma once
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>

#include "net/awaitable.hpp"

/// Lets everything run that can run without waiting.
inline void settle(boost::asio::io_context& io) {
  io.restart();
  io.poll();
}

/// Runs until `condition` holds; a test that waits for what never comes fails instead of hanging.
template <class Condition>
void run_until(boost::asio::io_context& io, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  io.restart();
  while (!condition())
    if (io.run_one_until(deadline) == 0) throw std::runtime_error("what the test waits for did not come");
}

/// A coroutine that was started and can be cancelled; it runs while the io_context does.
class Started {
 public:
  Started(boost::asio::io_context& io, net::awaitable<void> task) {
    auto ended = [state = state_](std::exception_ptr failure) {
      state->ended = true;
      state->failure = std::move(failure);
    };
    boost::asio::co_spawn(io, std::move(task),
                          boost::asio::bind_cancellation_slot(state_->cancel.slot(), std::move(ended)));
  }
  void cancel() { state_->cancel.emit(boost::asio::cancellation_type::terminal); }
  [[nodiscard]] bool ended() const { return state_->ended; }
  [[nodiscard]] bool ended_well() const { return state_->ended && !state_->failure; }
  [[nodiscard]] bool was_aborted() const {
    if (!state_->failure) return false;
    try {
      std::rethrow_exception(state_->failure);
    } catch (const boost::system::system_error& error) {
      return error.code() == boost::asio::error::operation_aborted;
    } catch (const std::exception&) {
      return false;
    }
  }

 private:
  struct State {
    bool ended = false;
    std::exception_ptr failure;
    boost::asio::cancellation_signal cancel;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};
