#pragma once
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include "net/awaitable.hpp"

/// Runs `task` on `io` to its end and returns its value or rethrows what it threw. Everything else on
/// `io` (servers, background tasks) runs meanwhile. A task that takes longer than `limit` is cancelled:
/// the limit only keeps a broken test from hanging, nothing is measured with it.
inline void run(boost::asio::io_context& io, net::awaitable<void> task,
                std::chrono::seconds limit = std::chrono::seconds(30)) {
  struct Ending {
    bool reached = false;
    std::exception_ptr failure;
    boost::asio::cancellation_signal cancel;
  };
  auto ending = std::make_shared<Ending>();
  auto ended = [ending](std::exception_ptr failure) {
    ending->reached = true;
    ending->failure = std::move(failure);
  };
  boost::asio::co_spawn(io, std::move(task),
                        boost::asio::bind_cancellation_slot(ending->cancel.slot(), std::move(ended)));
  const auto run_for = [&](std::chrono::seconds time) {
    const auto deadline = std::chrono::steady_clock::now() + time;
    io.restart();
    while (!ending->reached && io.run_one_until(deadline) > 0) {
    }
  };
  run_for(limit);
  if (!ending->reached) {
    ending->cancel.emit(boost::asio::cancellation_type::terminal);
    run_for(std::chrono::seconds(1));
    throw std::runtime_error("the awaited task did not end");
  }
  if (ending->failure) std::rethrow_exception(ending->failure);
}

template <class T>
net::awaitable<void> store(net::awaitable<T> task, std::optional<T>& result) {
  auto value = co_await std::move(task);
  result.emplace(std::move(value));
}

template <class T>
T run(boost::asio::io_context& io, net::awaitable<T> task,
      std::chrono::seconds limit = std::chrono::seconds(30)) {
  std::optional<T> result;
  run(io, store(std::move(task), result), limit);
  return std::move(*result);
}

/// run(io, [&]() -> net::awaitable<int> { … }): the lambda lives until its coroutine has ended.
template <class F>
requires std::is_invocable_v<F&>
auto run(boost::asio::io_context& io, F task, std::chrono::seconds limit = std::chrono::seconds(30)) {
  return run(io, task(), limit);
}
