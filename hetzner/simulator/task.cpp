#include "hetzner/simulator/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "net/spawn.hpp"

namespace hetzner::simulator {
namespace asio = boost::asio;

struct Task::Link {
  asio::cancellation_signal cancel;
};

Task::Task(net::Executor executor, const std::string& name, net::awaitable<void> body) {
  auto link = std::make_shared<Link>();
  link_ = link;
  net::spawn(executor, name, guard(std::move(link), std::move(body)));
}

Task& Task::operator=(Task&& other) noexcept {
  if (this != &other) stop();
  link_ = std::move(other.link_);
  return *this;
}

void Task::stop() {
  const auto link = link_.lock();
  link_.reset();
  if (link) link->cancel.emit(asio::cancellation_type::terminal);
}

/// Awaits the body with a cancellation of its own; net::spawn takes its abortion for an ordinary end.
net::awaitable<void> Task::guard(std::shared_ptr<Link> link, net::awaitable<void> body) {
  const auto executor = co_await asio::this_coro::executor;
  auto token = asio::bind_cancellation_slot(link->cancel.slot(), asio::use_awaitable);
  co_await asio::co_spawn(executor, std::move(body), token);
}

}  // namespace hetzner::simulator
