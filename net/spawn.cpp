#include "net/spawn.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

namespace net {
namespace {

OnDeath& death_handler() {
  static OnDeath handler;
  return handler;
}

/// Why the task died; "" when it was cancelled.
std::string reason(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted ? "" : error.what();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

void spawn(Executor executor, std::string name, awaitable<void> task) {
  auto ended = [name = std::move(name)](const std::exception_ptr& failure) {
    if (!failure) return;
    const auto why = reason(failure);
    if (why.empty()) return;
    spdlog::critical("task {} died: {}", name, why);
    // Nobody to tell: going on without the task would be worse than a restart.
    if (!death_handler()) std::terminate();
    death_handler()(name, failure);
  };
  boost::asio::co_spawn(executor, std::move(task), std::move(ended));
}

void on_death(OnDeath handler) { death_handler() = std::move(handler); }

}  // namespace net
